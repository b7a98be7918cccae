import { IsString } from 'class-validator';
import {
  APP_PIPE,
  type ArgumentMetadata,
  BadRequestException,
  Connection,
  createParamDecorator,
  DefaultValuePipe,
  type ExecutionContext,
  Handshake,
  Inject,
  Injectable,
  MessageBody,
  Module,
  OnMessage,
  OnOpen,
  Param,
  ParseIntPipe,
  type PipeTransform,
  Query,
  Scope,
  UsePipes,
  ValidationPipe,
  WebSocketRoute,
  WsException,
} from 'gatewire';
import { describe, expect, it } from 'vitest';
import { serve } from '../support/application.ts';
import { refused } from '../support/refused.ts';

class Say {
  @IsString()
  text!: string;
}

const told: (ArgumentMetadata & { readonly value: unknown })[] = [];

/** Notes what it is told, and gives the value on. */
class NotingPipe implements PipeTransform {
  transform(value: unknown, metadata: ArgumentMetadata) {
    told.push({ value, ...metadata });
    return value;
  }
}

/** Adds a letter, so that the order shows. */
class LetterPipe implements PipeTransform<string, string> {
  constructor(private readonly letter: string) {}

  transform(value: string) {
    return value + this.letter;
  }
}

describe('a pipe of a parameter', () => {
  @WebSocketRoute('/rooms/:room')
  class RoomController {
    @OnOpen()
    open(
      @Param('room', ParseIntPipe) room: number,
      @Query('page', new DefaultValuePipe(1), ParseIntPipe) page: number,
    ) {
      return [room, page];
    }

    @OnMessage('double')
    double(@MessageBody('count', ParseIntPipe) count: number) {
      return count * 2;
    }

    @OnMessage('default')
    default(@MessageBody('name', new DefaultValuePipe('nobody')) name: string) {
      return name;
    }
  }

  it('converts a value of the upgrade, once, before the connection is open', async () => {
    await using running = await serve([RoomController]);
    await using client = await running.connect('/rooms/7');
    expect(await client.next()).toMatchObject({ data: [7, 1] });
  });

  it('refuses the upgrade by what it throws', async () => {
    await using running = await serve([RoomController]);
    expect(await refused(running, '/rooms/blue')).toEqual({
      status: 400,
      body: {
        statusCode: 400,
        code: 'validation_failed',
        message: 'Validation failed (numeric string is expected)',
        issues: [{ path: 'room', rule: 'isInt', message: 'numeric string is expected' }],
      },
    });
  });

  it('converts a property of the message', async () => {
    await using running = await serve([RoomController]);
    await using client = await running.connect('/rooms/7');
    await client.next();
    expect(await client.request('double', { count: '21' }, 1)).toEqual({ id: 1, data: 42 });
    expect(await client.request('default', {}, 2)).toEqual({ id: 2, data: 'nobody' });
  });

  it('answers a message by what it throws, and the connection goes on', async () => {
    await using running = await serve([RoomController]);
    await using client = await running.connect('/rooms/7');
    await client.next();
    expect(await client.request('double', { count: 'x' }, 1)).toEqual({
      id: 1,
      error: {
        code: 'validation_failed',
        message: 'Validation failed (numeric string is expected)',
        issues: [{ path: 'count', rule: 'isInt', message: 'numeric string is expected' }],
      },
    });
    expect(await client.request('double', { count: 2 }, 2)).toEqual({ id: 2, data: 4 });
  });
});

describe('pipes together', () => {
  it('run from the application over module, class and method to the parameter, on every one that takes data', async () => {
    @WebSocketRoute('/letters/:letter')
    @UsePipes(new LetterPipe('c'))
    class LettersController {
      @UsePipes(new LetterPipe('d'))
      @OnMessage('go')
      go(
        connection: Connection,
        @MessageBody(new LetterPipe('e')) text: string,
        @Param('letter', new LetterPipe('f')) letter: string,
      ) {
        return [text, letter, connection instanceof Connection];
      }
    }
    @UsePipes(new LetterPipe('b'))
    @Module({
      controllers: [LettersController],
      providers: [{ provide: APP_PIPE, useValue: new LetterPipe('a') }],
    })
    class LettersModule {}
    await using running = await serve({ imports: [LettersModule] }, {}, app =>
      app.useGlobalPipes(new LetterPipe('A')),
    );
    await using client = await running.connect('/letters/x');
    expect(await client.request('go', '-', 1)).toEqual({ id: 1, data: ['-aAbcde', 'xaAbcdf', true] });
  });

  it('are told what they work on', async () => {
    told.length = 0;
    const Custom = createParamDecorator(() => 'custom');
    @WebSocketRoute('/told/:id')
    @UsePipes(NotingPipe)
    class ToldController {
      @OnMessage('say')
      say(@MessageBody() say: Say, @Param('id') id: string, @Custom('data') custom: string) {
        return [say instanceof Say, id, custom];
      }

      @OnMessage('key')
      key(@MessageBody('text') text: string) {
        return text;
      }
    }
    await using running = await serve([ToldController]);
    await using client = await running.connect('/told/1');
    expect(told).toEqual([{ value: '1', type: 'param', metatype: String, data: 'id' }]);
    told.length = 0;
    expect(await client.request('say', { text: 'x' }, 1)).toEqual({ id: 1, data: [true, '1', 'custom'] });
    await client.request('key', { text: 'x' }, 2);
    expect(told).toEqual([
      { value: { text: 'x' }, type: 'body', metatype: Say, data: undefined },
      { value: 'custom', type: 'custom', metatype: String, data: 'data' },
      { value: 'x', type: 'body', metatype: String, data: 'text' },
    ]);
  });

  it('may be asynchronous, and messages keep their order', async () => {
    @WebSocketRoute('/later')
    class LaterController {
      @OnMessage('later')
      later(@MessageBody({ transform: async (value: number) => value + 1 }) value: number) {
        return value;
      }

      @OnMessage('now')
      now() {
        return 'now';
      }
    }
    await using running = await serve([LaterController]);
    await using client = await running.connect('/later');
    client.send({ event: 'later', data: 1, id: 1 });
    client.send({ event: 'now', data: null, id: 2 });
    expect(await client.take(2)).toEqual([
      { id: 1, data: 2 },
      { id: 2, data: 'now' },
    ]);
  });

  it('do not run on a message whose check failed', async () => {
    told.length = 0;
    @WebSocketRoute('/checked')
    class CheckedController {
      @UsePipes(NotingPipe)
      @OnMessage('say')
      say(@MessageBody() say: Say) {
        return say.text;
      }
    }
    await using running = await serve([CheckedController]);
    await using client = await running.connect('/checked');
    expect(await client.request('say', { text: 1 }, 1)).toMatchObject({
      error: { code: 'validation_failed' },
    });
    expect(told).toEqual([]);
  });

  it('of a connection of its own get the handshake', async () => {
    @Injectable({ scope: Scope.CONNECTION })
    class TenantPipe implements PipeTransform<string, string> {
      constructor(@Inject(Handshake) private readonly handshake: Handshake) {}

      transform(value: string) {
        return `${this.handshake.path}:${value}`;
      }
    }
    @WebSocketRoute('/tenant/:name')
    class TenantController {
      @OnMessage('go')
      go(@MessageBody(TenantPipe) text: string, @Param('name', TenantPipe) name: string) {
        return [text, name];
      }
    }
    await using running = await serve([TenantController]);
    await using one = await running.connect('/tenant/one');
    await using two = await running.connect('/tenant/two');
    expect(await one.request('go', 'x', 1)).toEqual({ id: 1, data: ['/tenant/one:x', '/tenant/one:one'] });
    expect(await two.request('go', 'x', 1)).toEqual({ id: 1, data: ['/tenant/two:x', '/tenant/two:two'] });
  });

  it('lets a body be of a type that is not there at run time', async () => {
    interface Anything {
      readonly any: string;
    }
    @WebSocketRoute('/anything')
    class AnythingController {
      @OnMessage('go')
      go(@MessageBody({ transform: (value: Anything) => value.any }) value: unknown) {
        return value;
      }
    }
    await using running = await serve([AnythingController]);
    await using client = await running.connect('/anything');
    expect(await client.request('go', { any: 'thing' }, 1)).toEqual({ id: 1, data: 'thing' });
  });
});

describe('createParamDecorator()', () => {
  const QueryOf = createParamDecorator((key: string | undefined, context: ExecutionContext) => {
    const { query } = context.getHandshake();
    return key === undefined ? query : query[key];
  });
  const Later = createParamDecorator(async (data: number) => data + 1);
  const Failing = createParamDecorator(() => {
    throw new BadRequestException('cannot');
  });

  @WebSocketRoute('/custom')
  class CustomController {
    @OnOpen()
    open(@QueryOf('name') name: string) {
      return name;
    }

    @OnMessage('all')
    all(@QueryOf() query: object, @Later(1) two: number, @MessageBody() text: string) {
      return [query, two, text];
    }

    @OnMessage('piped')
    piped(@QueryOf('name', new LetterPipe('!')) name: string) {
      return name;
    }

    @OnMessage('failing')
    failing(@Failing() _value: string) {}
  }

  it('awaits whatever has a then, such as a query builder, of a pipe too', async () => {
    // biome-ignore lint/suspicious/noThenProperty: it is what is tested
    const query = (value: unknown) => ({ then: (resolve: (value: unknown) => void) => resolve(value) });
    const Found = createParamDecorator((name: string) => query(name));
    const finding: PipeTransform = { transform: value => query(`found ${value}`) };
    @WebSocketRoute('/thenable')
    class ThenableController {
      @OnMessage('find')
      find(
        @Found('Ada') one: string,
        @Found('Grace', finding) other: string,
        @MessageBody('id', finding) id: string,
      ) {
        return [one, other, id].map(each => typeof each === 'string' && each);
      }
    }
    await using running = await serve([ThenableController]);
    await using client = await running.connect('/thenable');
    expect(await client.request('find', { id: 7 }, 1)).toEqual({
      id: 1,
      data: ['Ada', 'found Grace', 'found 7'],
    });
  });

  it('gives an argument in any hook, made of its data and the context', async () => {
    await using running = await serve([CustomController]);
    await using client = await running.connect('/custom?name=Ada');
    expect(await client.next()).toMatchObject({ data: 'Ada' });
    expect(await client.request('all', 'text', 1)).toEqual({ id: 1, data: [{ name: 'Ada' }, 2, 'text'] });
  });

  it('takes pipes', async () => {
    await using running = await serve([CustomController]);
    await using client = await running.connect('/custom?name=Ada');
    await client.next();
    expect(await client.request('piped', null, 1)).toEqual({ id: 1, data: 'Ada!' });
  });

  it('fails the message with what it throws', async () => {
    await using running = await serve([CustomController]);
    await using client = await running.connect('/custom');
    expect(await client.request('failing', null, 1)).toEqual({
      id: 1,
      error: { code: 'bad_request', message: 'cannot' },
    });
  });
});

describe('a ValidationPipe', () => {
  class Strict {
    @IsString()
    text!: string;
  }

  it('says how the DTOs it covers are checked, in the place of the application', async () => {
    @WebSocketRoute('/strict')
    class StrictController {
      @UsePipes(new ValidationPipe({ whitelist: true, forbidNonWhitelisted: true }))
      @OnMessage('strict')
      strict(@MessageBody() { text }: Strict) {
        return text;
      }

      @OnMessage('lax')
      lax(@MessageBody() strict: Strict) {
        return strict;
      }

      @OnMessage('parameter')
      parameter(@MessageBody(new ValidationPipe({ whitelist: false })) strict: Strict) {
        return strict;
      }
    }
    await using running = await serve([StrictController]);
    await using client = await running.connect('/strict');
    const data = { text: 'x', role: 'admin' };
    expect(await client.request('strict', data, 1)).toMatchObject({
      error: { code: 'validation_failed', issues: [{ path: 'role', rule: 'whitelistValidation' }] },
    });
    expect(await client.request('lax', data, 2)).toEqual({ id: 2, data: { text: 'x' } });
    expect(await client.request('parameter', data, 3)).toEqual({ id: 3, data });
  });

  it('of the application covers every route, and the nearest one counts', async () => {
    @WebSocketRoute('/nearest')
    @UsePipes(new ValidationPipe({ whitelist: true }))
    class NearestController {
      @OnMessage('class')
      class(@MessageBody() strict: Strict) {
        return strict;
      }

      @UsePipes(ValidationPipe)
      @OnMessage('method')
      method(@MessageBody() strict: Strict) {
        return strict instanceof Strict;
      }
    }
    await using running = await serve([NearestController], {}, app =>
      app.useGlobalPipes(new ValidationPipe({ whitelist: true, forbidNonWhitelisted: true })),
    );
    await using client = await running.connect('/nearest');
    const data = { text: 'x', role: 'admin' };
    expect(await client.request('class', data, 1)).toEqual({ id: 1, data: { text: 'x' } });
    expect(await client.request('method', data, 2)).toMatchObject({ id: 2, data: true });
    expect(running.app.dtos.map(({ name, compiled }) => [name, compiled])).toEqual([['Strict', true]]);
  });

  it('throws what its exceptionFactory makes', async () => {
    const pipe = new ValidationPipe({
      exceptionFactory: errors => new WsException(errors.map(({ property }) => property).join(), 'mine'),
    });
    @WebSocketRoute('/factory')
    @UsePipes(pipe)
    class FactoryController {
      @OnOpen()
      open(@Query() _query: Strict) {}

      @OnMessage('go')
      go(@MessageBody() _strict: Strict) {}
    }
    await using running = await serve([FactoryController]);
    expect(await refused(running, '/factory')).toMatchObject({
      status: 400,
      body: { code: 'mine', message: 'text' },
    });
    await using client = await running.connect('/factory?text=x');
    expect(await client.request('go', {}, 1)).toEqual({ id: 1, error: { code: 'mine', message: 'text' } });
  });

  it('waits for an exceptionFactory that is asynchronous', async () => {
    @WebSocketRoute('/later')
    class LaterController {
      @UsePipes(new ValidationPipe({ exceptionFactory: async () => new WsException('later', 'later') }))
      @OnMessage('go')
      go(@MessageBody() _strict: Strict) {}
    }
    await using running = await serve([LaterController]);
    await using client = await running.connect('/later');
    expect(await client.request('go', {}, 1)).toEqual({ id: 1, error: { code: 'later', message: 'later' } });
  });

  it('refuses the upgrade with its errorHttpStatusCode', async () => {
    @WebSocketRoute('/status')
    @UsePipes(new ValidationPipe({ errorHttpStatusCode: 400 }))
    class StatusController {
      @OnOpen()
      open(@Query() _query: Strict) {}
    }
    await using running = await serve([StatusController]);
    expect(await refused(running, '/status')).toMatchObject({
      status: 400,
      body: { code: 'validation_failed' },
    });
  });

  it('checks what a custom decorator made only when it is told to', async () => {
    const Raw = createParamDecorator(() => ({ text: 1 }));
    @WebSocketRoute('/custom')
    class CustomController {
      @UsePipes(new ValidationPipe())
      @OnMessage('unchecked')
      unchecked(@Raw() raw: Strict) {
        return raw;
      }

      @OnMessage('checked')
      checked(@Raw(new ValidationPipe({ validateCustomDecorators: true })) raw: Strict) {
        return raw;
      }
    }
    await using running = await serve([CustomController]);
    await using client = await running.connect('/custom');
    expect(await client.request('unchecked', null, 1)).toEqual({ id: 1, data: { text: 1 } });
    expect(await client.request('checked', null, 2)).toMatchObject({ error: { code: 'validation_failed' } });
  });

  it('checks by its expectedType', async () => {
    @WebSocketRoute('/expected')
    class ExpectedController {
      @OnMessage('go')
      go(@MessageBody(new ValidationPipe({ expectedType: Strict })) value: object) {
        return value instanceof Strict;
      }
    }
    await using running = await serve([ExpectedController]);
    await using client = await running.connect('/expected');
    expect(await client.request('go', { text: 'x' }, 1)).toEqual({ id: 1, data: true });
    expect(await client.request('go', {}, 2)).toMatchObject({ error: { code: 'validation_failed' } });
  });
});
