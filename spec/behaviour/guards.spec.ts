import {
  APP_GUARD,
  BeforeHandle,
  type CanActivate,
  Connection,
  type ExecutionContext,
  Handshake,
  Inject,
  Injectable,
  MessageBody,
  Module,
  OnMessage,
  OnOpen,
  Reflector,
  Scope,
  SetMetadata,
  UnauthorizedException,
  UseFilters,
  UseGuards,
  WebSocketRoute,
} from 'gatewire';
import { of } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { mistakesOf, serve } from '../support/application.ts';
import { rawUpgrade } from '../support/raw.ts';
import { refused } from '../support/refused.ts';

const asked: string[] = [];

/** Notes who asks, in which phase. */
class NotingGuard implements CanActivate {
  constructor(
    private readonly name: string,
    private readonly verdict: (context: ExecutionContext) => unknown = () => true,
  ) {}

  canActivate(context: ExecutionContext) {
    asked.push(`${this.name} ${context.getPhase()}`);
    return this.verdict(context) as boolean;
  }
}

@Injectable()
class TokenGuard implements CanActivate {
  canActivate(context: ExecutionContext) {
    const { token } = context.getHandshake().query;
    if (token === undefined) throw new UnauthorizedException('bring a token');
    return token !== 'wrong';
  }
}

describe('a guard of a class', () => {
  @WebSocketRoute('/guarded')
  @UseGuards(TokenGuard)
  class GuardedController {
    @OnMessage('say')
    say(text: string) {
      return text;
    }
  }

  it('refuses the upgrade with 403 when it answers false', async () => {
    await using running = await serve([GuardedController]);
    expect(await refused(running, '/guarded?token=wrong')).toEqual({
      status: 403,
      body: { statusCode: 403, code: 'forbidden', message: 'Forbidden' },
    });
  });

  it('refuses the upgrade with the status of the exception it throws', async () => {
    await using running = await serve([GuardedController]);
    expect(await refused(running, '/guarded')).toEqual({
      status: 401,
      body: { statusCode: 401, code: 'unauthenticated', message: 'bring a token' },
    });
  });

  it('lets the upgrade through', async () => {
    await using running = await serve([GuardedController]);
    await using client = await running.connect('/guarded?token=right');
    expect(await client.request('say', 'hi', 1)).toEqual({ id: 1, data: 'hi' });
  });

  it('is asked at the upgrade and before each message, with the query it came with', async () => {
    asked.length = 0;
    @WebSocketRoute('/noted')
    @UseGuards(new NotingGuard('class', context => context.getHandshake().query.as === 'me'))
    class NotedController {
      @OnMessage('say')
      say(text: string) {
        return text;
      }
    }
    await using running = await serve([NotedController]);
    await using client = await running.connect('/noted?as=me');
    expect(await client.request('say', 'a', 1)).toEqual({ id: 1, data: 'a' });
    expect(await client.request('say', 'b', 2)).toEqual({ id: 2, data: 'b' });
    expect(asked).toEqual(['class upgrade', 'class message', 'class message']);
  });

  it('runs before the DTO is checked and before @BeforeHandle', async () => {
    const order: string[] = [];
    @WebSocketRoute('/order')
    @UseGuards(new NotingGuard('guard', () => order.push('guard')))
    class OrderController {
      @BeforeHandle()
      before() {
        order.push('before');
      }
    }
    await using running = await serve([OrderController]);
    await using _client = await running.connect('/order');
    expect(order).toEqual(['guard', 'before']);
  });
});

describe('a guard of a method', () => {
  const Roles = Reflector.createDecorator<string[]>();

  @Injectable()
  class RolesGuard implements CanActivate {
    constructor(private readonly reflector: Reflector) {}

    async canActivate(context: ExecutionContext) {
      const roles = this.reflector.getAllAndOverride(Roles, [context.getHandler(), context.getClass()]) ?? [];
      const [connection] = context.getArgs<[Connection]>();
      await Promise.resolve();
      return roles.includes((connection.data as { role: string }).role);
    }
  }

  @WebSocketRoute('/roles')
  class RolesController {
    @OnOpen()
    open(connection: Connection, handshake: Handshake) {
      connection.data = { role: new URL(handshake.url).searchParams.get('role') };
    }

    @OnMessage('read')
    read() {
      return 'read';
    }

    @Roles(['admin'])
    @UseGuards(RolesGuard)
    @OnMessage('delete')
    delete() {
      return 'deleted';
    }
  }

  it('refuses its message with forbidden, and the connection goes on', async () => {
    await using running = await serve([RolesController]);
    await using client = await running.connect('/roles?role=guest');
    expect(await client.request('delete', null, 1)).toEqual({
      id: 1,
      error: { code: 'forbidden', message: 'Forbidden' },
    });
    expect(await client.request('read', null, 2)).toEqual({ id: 2, data: 'read' });
    expect(running.log.map(({ level, message }) => [level, message])).toEqual([
      ['warn', 'RolesController.delete() refused'],
    ]);
  });

  it('lets its message through', async () => {
    await using running = await serve([RolesController]);
    await using client = await running.connect('/roles?role=admin');
    expect(await client.request('delete', null, 1)).toEqual({ id: 1, data: 'deleted' });
  });

  it('keeps messages in order when it is asynchronous', async () => {
    await using running = await serve([RolesController]);
    await using client = await running.connect('/roles?role=admin');
    client.send({ event: 'delete', data: null, id: 1 });
    client.send({ event: 'read', data: null, id: 2 });
    client.send({ event: 'delete', data: null, id: 3 });
    expect(await client.take(3)).toEqual([
      { id: 1, data: 'deleted' },
      { id: 2, data: 'read' },
      { id: 3, data: 'deleted' },
    ]);
  });

  it('is a mistake on a method that handles no messages', async () => {
    @WebSocketRoute('/misplaced')
    class MisplacedController {
      @UseGuards(TokenGuard)
      @OnOpen()
      open() {}
    }
    expect(await mistakesOf([MisplacedController])).toBe(
      'MisplacedController.open(): @UseGuards() on a method is for the messages of @OnMessage(), and this one is @OnOpen(). Put it on the class, whose guards are asked at the upgrade and before each message [GATEWIRE_MISPLACED_DECORATOR]',
    );
  });
});

describe('guards together', () => {
  it('are asked from the application over the module and the class to the method', async () => {
    asked.length = 0;
    @WebSocketRoute('/all')
    @UseGuards(new NotingGuard('class'))
    class AllController {
      @UseGuards(new NotingGuard('method 1'), new NotingGuard('method 2'))
      @OnMessage()
      message(text: string) {
        return text;
      }
    }
    @UseGuards(new NotingGuard('module'))
    @Module({
      controllers: [AllController],
      providers: [{ provide: APP_GUARD, useValue: new NotingGuard('APP_GUARD') }],
    })
    class AllModule {}
    await using running = await serve({ imports: [AllModule] }, {}, app =>
      app.useGlobalGuards(new NotingGuard('global')),
    );
    await using client = await running.connect('/all');
    client.send('x');
    expect(await client.next()).toBe('x');
    expect(asked).toEqual([
      ...['APP_GUARD upgrade', 'global upgrade', 'module upgrade', 'class upgrade'],
      ...['APP_GUARD message', 'global message', 'module message', 'class message'],
      ...['method 1 message', 'method 2 message'],
    ]);
  });

  it('stop at the first that refuses', async () => {
    asked.length = 0;
    @WebSocketRoute('/stop')
    @UseGuards(new NotingGuard('first', () => false), new NotingGuard('second'))
    class StopController {}
    await using running = await serve([StopController]);
    expect((await refused(running, '/stop')).status).toBe(403);
    expect(asked).toEqual(['first upgrade']);
  });
});

describe('what a guard answers', () => {
  const answering = (verdict: (context: ExecutionContext) => unknown) => {
    @WebSocketRoute('/answer')
    @UseGuards(new NotingGuard('guard', verdict))
    class AnswerController {
      @OnMessage()
      message(_text: string, connection: Connection) {
        return connection.user ?? 'nobody';
      }
    }
    return serve([AnswerController]);
  };

  it.each([
    ['undefined', () => undefined],
    ['a promise of false', async () => false],
    [
      'an Observable of false',
      () => ({
        pipe() {},
        subscribe(observer: { next(value: boolean): void; complete(): void }) {
          observer.next(false);
          observer.complete();
          return { unsubscribe() {} };
        },
      }),
    ],
    ['a promise of an Observable of false', async () => of(false)],
    ['a user that was not found', () => ({ user: undefined })],
    ['a user that is null', async () => ({ user: null })],
  ])('refuses with %s', async (_name, verdict) => {
    await using running = await answering(verdict);
    expect((await refused(running, '/answer')).status).toBe(403);
  });

  it('refuses with the HttpException that it returns instead of throwing it', async () => {
    await using running = await answering(() => new UnauthorizedException('no token'));
    expect((await refused(running, '/answer')).body).toMatchObject({ statusCode: 401, message: 'no token' });
  });

  it.each([
    ['Response', async () => new Response(null, { status: 401 })],
    ['Function', () => () => false],
    ['Observable', () => of(of(of(false)))],
  ])('refuses with 500 for a %s, which says neither yes nor no', async (name, verdict) => {
    await using running = await answering(verdict);
    expect((await refused(running, '/answer')).status).toBe(500);
    expect(String(running.log[0]?.facts.error)).toContain(`returned a ${name}, which says`);
  });

  it('says whose connection it is with {user}', async () => {
    await using running = await answering(() => ({ user: { id: 7, name: 'Ada' } }));
    await using client = await running.connect('/answer');
    client.send('who');
    expect(await client.next()).toEqual({ id: 7, name: 'Ada' });
  });

  it('is a server error when it throws something else, and the client learns nothing of it', async () => {
    await using running = await answering(() => {
      throw new Error('secret');
    });
    expect(await refused(running, '/answer')).toEqual({
      status: 500,
      body: { statusCode: 500, code: 'internal', message: 'Internal server error' },
    });
    expect(running.log.map(({ level }) => level)).toEqual(['error']);
  });
});

describe('a guard at the upgrade', () => {
  it('has no connection, and says what there is instead', async () => {
    let failure: unknown;
    @WebSocketRoute('/early')
    @UseGuards(
      new NotingGuard('guard', context => {
        try {
          context.switchToWs().getClient();
        } catch (error) {
          failure = error;
        }
        return true;
      }),
    )
    class EarlyController {}
    await using running = await serve([EarlyController]);
    await using _client = await running.connect('/early');
    expect(String(failure)).toContain('context.getHandshake()');
  });

  it('reads the metadata of the class by getHandler() too', async () => {
    let seen: unknown[] = [];
    @WebSocketRoute('/handler')
    @SetMetadata('kind', 'class')
    @UseGuards(
      new NotingGuard('guard', context => {
        seen = [context.getHandler(), Reflect.getMetadata('kind', context.getHandler()), context.getType()];
        return true;
      }),
    )
    class HandlerController {}
    await using running = await serve([HandlerController]);
    await using _client = await running.connect('/handler');
    expect(seen).toEqual([HandlerController, 'class', 'ws']);
  });

  it('takes headers as a guard for HTTP would', async () => {
    @WebSocketRoute('/http')
    @UseGuards(
      new NotingGuard('guard', context => {
        const request = context.switchToHttp().getRequest<{ headers: Record<string, string> }>();
        return request.headers.authorization === 'Bearer good';
      }),
    )
    class HttpController {
      @OnMessage()
      message(text: string) {
        return text;
      }
    }
    await using running = await serve([HttpController]);
    expect((await refused(running, '/http')).status).toBe(403);
    await using client = await running.connect('/http', { headers: { authorization: 'Bearer good' } });
    client.send('still there');
    expect(await client.next()).toBe('still there');
  });
});

describe('a guard with a scope', () => {
  it('exists once for each connection, with the handshake injected', async () => {
    let made = 0;
    @Injectable({ scope: Scope.CONNECTION })
    class CountingGuard implements CanActivate {
      readonly #number = ++made;
      #asked = 0;
      constructor(@Inject(Handshake) private readonly handshake: Handshake) {}

      canActivate() {
        this.#asked++;
        this.handshake.data = { number: this.#number, asked: this.#asked };
        return true;
      }
    }
    @WebSocketRoute('/scoped')
    @UseGuards(CountingGuard)
    class ScopedController {
      @OnMessage()
      message(@MessageBody() _text: string, connection: Connection) {
        return connection.data;
      }
    }
    await using running = await serve([ScopedController]);
    await using one = await running.connect('/scoped');
    await using two = await running.connect('/scoped');
    one.send('');
    expect(await one.next()).toEqual({ number: 1, asked: 2 });
    two.send('');
    expect(await two.next()).toEqual({ number: 2, asked: 2 });
    one.send('');
    expect(await one.next()).toEqual({ number: 1, asked: 3 });
  });
});

describe('what is no guard', () => {
  it('is a mistake that names where it was given', async () => {
    class NoGuard {}
    @WebSocketRoute('/none')
    @UseGuards(NoGuard as never)
    class NoneController {
      @UseGuards(undefined as never)
      @OnMessage()
      message(_text: string) {}
    }
    const mistakes = await mistakesOf([NoneController]);
    expect(mistakes).toContain(
      '@UseGuards() of NoneController: not a guard (got NoGuard). Pass a class with the method canActivate(), or an instance of one [GATEWIRE_INVALID_ENHANCER]',
    );
    expect(mistakes).toContain(
      '@UseGuards() of NoneController.message(): the guard is missing, most often because its file and this one import each other (got undefined)',
    );
  });

  it.each([
    ['a class', TokenGuard, 'got TokenGuard'],
    ['nothing', undefined, 'got undefined'],
    ['something else', { activate: () => true }, 'got an instance of Object'],
  ])('is a mistake where APP_GUARD is provided with %s', async (_name, useValue, got) => {
    @WebSocketRoute('/provided')
    class ProvidedController {}
    const providers = [{ provide: APP_GUARD, useFactory: () => useValue }];
    expect(await mistakesOf({ controllers: [ProvidedController], providers })).toBe(
      `APP_GUARD of SpecModule: what is provided has no method canActivate() (${got}). Provide a class that has it by useClass, or an instance by useValue or useFactory [GATEWIRE_INVALID_ENHANCER]`,
    );
  });

  it('may be without a class', async () => {
    @WebSocketRoute('/bare')
    @UseGuards(Object.assign(Object.create(null), { canActivate: () => false }))
    @UseFilters(Object.assign(Object.create(null), { catch: () => new Response(null, { status: 418 }) }))
    class BareController {}
    await using running = await serve([BareController]);
    expect((await rawUpgrade(`${running.url}/bare`)).status).toBe(418);
  });

  it('does not throw where a field is decorated under standard decorators', () => {
    const context = { kind: 'field', name: 'field' } as never;
    for (const decorate of [UseGuards(new TokenGuard()), SetMetadata('roles', ['admin'])]) {
      expect(() => decorate(undefined as never, context, undefined as never)).not.toThrow();
    }
  });

  it('is a TypeError for useGlobalGuards()', async () => {
    await using running = await serve([]);
    expect(() => running.app.useGlobalGuards(TokenGuard as never)).toThrow(
      'a global guard is part of the routes: add it before listen()',
    );
  });
});
