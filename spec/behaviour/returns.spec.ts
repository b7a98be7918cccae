import { type as arktype } from 'arktype';
import { Exclude, Expose, Transform, Type } from 'class-transformer';
import {
  IsDate,
  IsInt,
  IsOptional,
  IsString,
  Validate,
  ValidateNested,
  ValidatorConstraint,
  type ValidatorConstraintInterface,
} from 'class-validator';
import {
  Connection,
  Emits,
  type EventsOf,
  event,
  OnDrain,
  OnError,
  OnMessage,
  OnOpen,
  OutgoingError,
  Publisher,
  Returns,
  WebSocketRoute,
} from 'gatewire';
import * as valibot from 'valibot';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type LogLine, serve } from '../support/application.ts';

const SECRET = 's3cret';
const INTERNAL = { code: 'internal', message: 'Internal server error' };

class Tag {
  @IsString()
  label!: string;
}

class User {
  @IsInt()
  id!: number;

  @Expose({ name: 'user_name' })
  @IsString()
  name!: string;

  @IsOptional()
  @IsString()
  @Exclude()
  password?: string;

  @IsOptional()
  @IsDate()
  @Transform(({ value }) => value?.getTime(), { toPlainOnly: true })
  at?: Date;

  @IsOptional()
  @ValidateNested({ each: true })
  @Type(() => Tag)
  tags?: Tag[];
}

/** A value as a handler has it: with what must not leave the server. */
const ada = () => ({
  id: 1,
  name: 'Ada',
  password: SECRET,
  at: new Date(5),
  tags: [{ label: 'a', note: SECRET }],
  token: SECRET,
});
const wire = { id: 1, user_name: 'Ada', at: 5, tags: [{ label: 'a' }] };
const broken = () => ({ ...ada(), id: SECRET as unknown as number });
const given = (frame: string) => (frame === 'ok' ? ada() : broken());
const tick = () => new Promise<void>(resolve => setImmediate(resolve));

function firstError(log: readonly LogLine[]): OutgoingError {
  return log[0]?.facts.error as OutgoingError;
}

/** The issues of the failures that were logged, each as `path rule`; no line of theirs holds the value. */
function failuresOf(log: readonly LogLine[]) {
  return log.map(({ level, facts }) => {
    const error = facts.error as OutgoingError;
    expect(level).toBe('error');
    expect(error).toBeInstanceOf(OutgoingError);
    expect(`${error.message} ${JSON.stringify(error.issues)}`).not.toContain(SECRET);
    for (const { path, rule, message } of error.issues) {
      expect(error.message).toContain(`${path || 'value'} ${rule} (${message})`);
    }
    return `${facts.hook}: ${error.issues.map(({ path, rule }) => `${path} ${rule}`).join(', ')}`;
  });
}

describe('@Returns on a plain route', () => {
  @WebSocketRoute('/value')
  class ValueController {
    @OnMessage()
    @Returns(User)
    value(frame: string) {
      return given(frame);
    }
  }

  @WebSocketRoute('/promise')
  class PromiseController {
    @Returns(User)
    @OnMessage()
    async promise(frame: string) {
      await tick();
      return given(frame);
    }
  }

  @WebSocketRoute('/instance')
  class InstanceController {
    @OnMessage()
    @Returns(() => User)
    instance(frame: string) {
      return Object.assign(new User(), given(frame));
    }
  }

  @WebSocketRoute('/send')
  class SendController {
    @OnMessage()
    @Returns(User)
    send(frame: string, connection: Connection) {
      connection.send(given(frame));
      return ada();
    }
  }

  it.each([
    ['value', ValueController],
    ['promise', PromiseController],
    ['instance', InstanceController],
  ])('checks and serialises what the handler gives: %s', async (path, controller) => {
    await using server = await serve([controller]);
    await using client = await server.connect(`/${path}`);
    for (const frame of ['ok', 'broken', 'ok']) client.send(frame);
    expect(await client.take(3)).toEqual([wire, { error: INTERNAL }, wire]);
    expect(failuresOf(server.log)).toEqual([`${controller.name}.${path}(): id isInt`]);
  });

  it('checks what connection.send() sends, which throws for what does not fit', async () => {
    await using server = await serve([SendController]);
    await using client = await server.connect('/send');
    for (const frame of ['ok', 'broken']) client.send(frame);
    expect(await client.take(3)).toEqual([wire, wire, { error: INTERNAL }]);
    expect(failuresOf(server.log)).toEqual(['SendController.send(): id isInt']);
  });

  it('checks each item of a stream, and one that does not fit ends it', async () => {
    let finished = 0;
    const frames = ['ok', 'ok', 'broken', 'ok'];
    @WebSocketRoute('/generator')
    class GeneratorController {
      @OnMessage()
      @Returns(User)
      *items(_frame: string) {
        try {
          for (const frame of frames) yield given(frame);
        } finally {
          finished++;
        }
      }
    }
    @WebSocketRoute('/async')
    class AsyncController {
      @OnMessage()
      @Returns(User)
      async *items(_frame: string) {
        try {
          for (const frame of frames) yield given(frame);
        } finally {
          finished++;
        }
      }
    }
    @WebSocketRoute('/iterable')
    class IterableController {
      @OnMessage()
      @Returns(User)
      async items(_frame: string) {
        return new ReadableStream<User>({
          start: controller => {
            for (const frame of frames) controller.enqueue(given(frame));
          },
          cancel: () => {
            finished++;
          },
        });
      }
    }
    for (const [path, controller] of [
      ['/generator', GeneratorController],
      ['/async', AsyncController],
      ['/iterable', IterableController],
    ] as const) {
      finished = 0;
      await using server = await serve([controller]);
      await using client = await server.connect(path);
      client.send('go');
      expect(await client.take(3)).toEqual([wire, wire, { error: INTERNAL }]);
      expect(failuresOf(server.log)).toEqual([`${controller.name}.items(): id isInt`]);
      await client.close();
      expect(finished).toBe(1);
    }
  });

  it('is of its own method only: bytes, text and other hooks go as they are', async () => {
    @WebSocketRoute('/')
    class MixedController {
      @OnOpen()
      open(connection: Connection) {
        connection.send(new Uint8Array([1]));
        return { opened: true };
      }

      @OnMessage()
      @Returns(User)
      text(frame: string) {
        return given(frame);
      }

      @OnMessage()
      bytes(frame: Uint8Array) {
        return frame;
      }
    }
    await using server = await serve([MixedController]);
    await using client = await server.connect('/');
    client.send(new Uint8Array([2]));
    client.send('ok');
    expect(await client.take(4)).toEqual([new Uint8Array([1]), { opened: true }, new Uint8Array([2]), wire]);
  });

  it('checks what @OnOpen gives too; a failure there closes the connection with 1011', async () => {
    for (const frame of ['ok', 'broken']) {
      @WebSocketRoute('/')
      class OpenController {
        @OnOpen()
        @Returns(User)
        open() {
          return given(frame);
        }

        @OnDrain()
        drain() {}
      }
      await using server = await serve([OpenController]);
      await using client = await server.connect('/');
      expect(await client.next()).toEqual(frame === 'ok' ? wire : { error: INTERNAL });
      if (frame === 'broken') expect(await client.closed()).toEqual({ code: 1011, reason: 'open failed' });
      expect(failuresOf(server.log)).toEqual(frame === 'ok' ? [] : ['OpenController.open(): id isInt']);
    }
  });
});

describe('@Returns on an events route', () => {
  const ids = ['ok', 'broken'];

  @WebSocketRoute('/')
  class EventsController {
    @OnMessage('value')
    @Returns(User)
    value(frame: string) {
      return given(frame);
    }

    @OnMessage('promise')
    @Returns(User)
    async promise(frame: string) {
      await tick();
      return given(frame);
    }

    @OnMessage('renamed')
    @Returns(User)
    renamed(frame: string) {
      return event('user', given(frame));
    }

    @OnMessage('list')
    @Returns(() => [User])
    list(frame: string) {
      return [ada(), given(frame)];
    }

    @OnMessage('stream')
    @Returns(User)
    async *stream(frame: string) {
      yield ada();
      yield given(frame);
    }
  }

  it('checks and serialises the data, by id and by event', async () => {
    await using server = await serve([EventsController]);
    await using client = await server.connect('/');
    for (const name of ['value', 'promise', 'renamed']) {
      for (const data of ids) client.send({ event: name, data, id: `${name} ${data}` });
      for (const data of ids) client.send({ event: name, data });
      const reply = { event: name === 'renamed' ? 'user' : name, data: wire };
      expect(await client.take(4)).toEqual([
        { id: `${name} ok`, data: wire },
        { id: `${name} broken`, error: INTERNAL },
        reply,
        { event: 'exception', data: { status: 'error', ...INTERNAL } },
      ]);
    }
    const failures = ['value', 'promise', 'renamed'].flatMap(name => {
      const line = `EventsController.${name}(): id isInt`;
      return [line, line];
    });
    expect(failuresOf(server.log)).toEqual(failures);
  });

  it('checks each element of a list', async () => {
    await using server = await serve([EventsController]);
    await using client = await server.connect('/');
    for (const data of ids) client.send({ event: 'list', data, id: data });
    expect(await client.take(2)).toEqual([
      { id: 'ok', data: [wire, wire] },
      { id: 'broken', error: INTERNAL },
    ]);
    expect(failuresOf(server.log)).toEqual(['EventsController.list(): 1.id isInt']);
  });

  it('checks each item of a stream', async () => {
    await using server = await serve([EventsController]);
    await using client = await server.connect('/');
    client.send({ event: 'stream', data: 'ok', id: 1 });
    expect(await client.take(3)).toEqual([
      { id: 1, next: wire },
      { id: 1, next: wire },
      { id: 1, done: true },
    ]);
    client.send({ event: 'stream', data: 'broken', id: 2 });
    client.send({ event: 'value', data: 'ok', id: 3 });
    const frames = (await client.take(3)) as { id: number }[];
    expect(frames.filter(({ id }) => id === 2)).toEqual([
      { id: 2, next: wire },
      { id: 2, error: INTERNAL },
    ]);
    expect(failuresOf(server.log)).toEqual(['EventsController.stream(): id isInt']);
  });
});

describe('@Returns with a Standard Schema', () => {
  const isOdd = async (id: number) => {
    await tick();
    return id % 2 === 1;
  };
  const shape = { id: z.int(), name: z.string().transform(name => name.toUpperCase()) };

  const SCHEMAS = {
    zod: z.object(shape),
    'asynchronous zod': z.object({ ...shape, id: z.int().refine(isOdd) }),
    valibot: valibot.object({
      id: valibot.number(),
      name: valibot.pipe(
        valibot.string(),
        valibot.transform(name => name.toUpperCase()),
      ),
    }),
    arktype: arktype({ id: 'number', name: 'string.upper', '+': 'delete' }),
  };

  it.each(Object.entries(SCHEMAS))('%s decides what is sent', async (_name, schema) => {
    @WebSocketRoute('/')
    class SchemaController {
      @OnMessage('value')
      @(Returns(schema as never) as MethodDecorator)
      value(frame: string) {
        return frame === 'odd' ? { ...ada(), id: 2 } : given(frame);
      }

      @OnMessage('stream')
      @(Returns(schema as never) as MethodDecorator)
      *stream() {
        yield ada();
        yield broken();
      }
    }
    await using server = await serve([SchemaController]);
    await using client = await server.connect('/');
    for (const data of ['ok', 'broken']) client.send({ event: 'value', data, id: data });
    client.send({ event: 'stream' });
    const upper = { id: 1, name: 'ADA' };
    expect(await client.take(4)).toEqual([
      { id: 'ok', data: upper },
      { id: 'broken', error: INTERNAL },
      { event: 'stream', data: upper },
      { event: 'exception', data: { status: 'error', ...INTERNAL } },
    ]);
    expect(failuresOf(server.log)).toEqual([
      'SchemaController.value(): id schema',
      'SchemaController.stream(): id schema',
    ]);
  });

  it('that is asynchronous keeps the order of a connection’s replies', async () => {
    @WebSocketRoute('/')
    class OrderController {
      @OnMessage('slow')
      @Returns(SCHEMAS['asynchronous zod'])
      slow() {
        return { id: 1, name: 'slow' };
      }

      @OnMessage('quick')
      quick() {
        return 'quick';
      }
    }
    await using server = await serve([OrderController]);
    await using client = await server.connect('/');
    client.send({ event: 'slow' });
    client.send({ event: 'quick' });
    expect(await client.take(2)).toEqual([
      { event: 'slow', data: { id: 1, name: 'SLOW' } },
      { event: 'quick', data: 'quick' },
    ]);
  });

  it('that is asynchronous cannot be waited for by connection.send(), which says what to do', async () => {
    @WebSocketRoute('/')
    class SendController {
      @OnMessage()
      @Returns(SCHEMAS['asynchronous zod'])
      send(frame: string, connection: Connection) {
        if (frame === 'send') connection.send({ id: 2, name: SECRET });
        return { id: 1, name: 'ada' };
      }
    }
    await using server = await serve([SendController]);
    await using client = await server.connect('/');
    client.send('send');
    client.send('return');
    expect(await client.take(2)).toEqual([{ error: INTERNAL }, { id: 1, name: 'ADA' }]);
    expect(server.log.map(({ facts }) => String(facts.error))).toEqual([
      'TypeError: what SendController sends cannot wait for an asynchronous check: return the value from the handler',
    ]);
  });
});

describe('a failure of @Returns', () => {
  @ValidatorConstraint({ async: true })
  class IsKnown implements ValidatorConstraintInterface {
    async validate(value: unknown) {
      await tick();
      return value === 'known';
    }
  }

  class Deep {
    @IsString({ message: ({ value }) => `not ${value}` })
    @Validate(IsKnown, { message: 'must be known' })
    name!: string;

    @IsOptional()
    @ValidateNested({ each: true })
    @Type(() => Deep)
    below?: Deep[];
  }

  it('is logged with path, rule and message of every issue, whatever clients are told', async () => {
    @WebSocketRoute('/')
    class DeepController {
      @OnMessage()
      @Returns(Deep)
      deep(_frame: string) {
        return { name: 'known', below: [{ name: 5 as never }, { name: SECRET }] };
      }
    }
    for (const disableErrorMessages of [false, true]) {
      await using server = await serve([DeepController], { validation: { disableErrorMessages } });
      await using client = await server.connect('/');
      client.send('go');
      expect(await client.next()).toEqual({ error: INTERNAL });
      expect(server.log).toMatchObject([
        { level: 'error', facts: { connection: expect.any(String), route: 'DeepController' } },
      ]);
      expect(firstError(server.log).issues).toEqual([
        { path: 'below.0.name', rule: 'isString', message: 'name is not valid' },
        { path: 'below.0.name', rule: 'IsKnown', message: 'must be known' },
        { path: 'below.1.name', rule: 'IsKnown', message: 'must be known' },
      ]);
      expect(failuresOf(server.log)).toHaveLength(1);
    }
  });

  it('is the error itself where a getter or a @Transform of the DTO throws', async () => {
    class Throwing {
      @IsString()
      name!: string;

      @Expose()
      get loud(): string {
        return (this.name as unknown as Date).toISOString();
      }
    }
    @WebSocketRoute('/')
    class ThrowingController {
      @OnMessage('one')
      @Returns(Throwing)
      one() {
        return Object.assign(new Throwing(), { name: 'ada' });
      }

      @OnMessage('list')
      @Returns([Throwing])
      list() {
        return [this.one()];
      }

      @OnMessage('schema')
      @Returns(z.object({ name: z.string().transform(name => (name as unknown as Date).toISOString()) }))
      schema() {
        return { name: 'ada' };
      }
    }
    await using server = await serve([ThrowingController]);
    await using client = await server.connect('/');
    for (const name of ['one', 'list', 'schema']) client.send({ event: name, id: name });
    expect(await client.take(3)).toEqual(['one', 'list', 'schema'].map(id => ({ id, error: INTERNAL })));
    expect(server.log.map(({ facts }) => (facts.error as Error).name)).toEqual(Array(3).fill('TypeError'));
    expect(firstError(server.log).message).toContain('toISOString');
  });

  it('goes to @OnError, whose own result is not checked', async () => {
    @WebSocketRoute('/plain')
    class PlainController {
      @OnMessage()
      @Returns(User)
      take(frame: string) {
        return given(frame);
      }

      @OnError()
      error(error: Error) {
        return { told: error.name };
      }
    }
    @WebSocketRoute('/events')
    class EventsController {
      @OnMessage('take')
      @Returns(User)
      take(frame: string) {
        return given(frame);
      }

      @OnError()
      @Returns(User)
      error(error: Error) {
        return { told: error.name } as never;
      }
    }
    await using server = await serve([PlainController, EventsController]);
    await using plain = await server.connect('/plain');
    plain.send('broken');
    expect(await plain.next()).toEqual({ told: 'OutgoingError' });
    await using events = await server.connect('/events');
    events.send({ event: 'take', data: 'broken', id: 1 });
    expect(await events.next()).toEqual({ id: 1, data: { told: 'OutgoingError' } });
    expect(failuresOf(server.log)).toHaveLength(2);
  });
});

describe('@Emits', () => {
  const events = {
    user: User,
    users: () => [User] as const,
    count: z.number().transform(count => count + 1),
  };
  type Events = EventsOf<typeof events>;

  /** What an emit threw, as `name: path rule`. */
  function thrownBy(emit: () => unknown): string {
    try {
      emit();
    } catch (error) {
      if (!(error instanceof OutgoingError)) return String(error);
      expect(error.message).not.toContain(SECRET);
      return `${error.name}: ${error.issues.map(({ path, rule }) => `${path} ${rule}`).join(', ')}`;
    }
    return 'nothing';
  }

  const bad = broken() as never;
  const list = [ada(), bad];

  @WebSocketRoute('/')
  @Emits(events)
  class RoomController {
    constructor(private readonly publisher: Publisher) {}

    @OnOpen()
    open(connection: Connection<Record<string, unknown>, Events>) {
      connection.subscribe('room');
    }

    @OnMessage('emit')
    emit(connection: Connection<Record<string, unknown>, Events>) {
      connection.emit('user', ada() as User);
      connection.emit('users', [ada() as User]);
      connection.emit('count', 1);
      return [
        thrownBy(() => connection.emit('user', bad)),
        thrownBy(() => connection.emit('users', list as never)),
        thrownBy(() => connection.emit('count', SECRET as never)),
      ];
    }

    @OnMessage('to')
    to(connection: Connection<Record<string, unknown>, Events>) {
      connection.to('room').emit('user', ada() as User);
      return [
        thrownBy(() => connection.to('room').emit('user', bad)),
        thrownBy(() => connection.to('room').emit('users', list as never)),
        thrownBy(() => connection.to('room').publish(broken())),
      ];
    }

    @OnMessage('publisher')
    publish(connection: Connection<Record<string, unknown>, Events>) {
      this.publisher.to('room').emit('user', ada());
      this.publisher.to('room').except(connection).emit('count', 2);
      return [
        thrownBy(() => this.publisher.to('room').emit('user', bad)),
        thrownBy(() => this.publisher.to('room').except(connection).emit('users', list)),
      ];
    }

    @OnMessage('unknown')
    unknown(connection: Connection) {
      connection.emit('other', { secret: SECRET });
      connection.to('room').emit('other', [1]);
      this.publisher.to('room').emit('toString', { any: true });
    }

    @OnMessage('throws')
    throws(connection: Connection) {
      connection.emit('user', bad);
    }
  }

  @WebSocketRoute('/other')
  class OtherController {
    @OnOpen()
    open(connection: Connection) {
      connection.subscribe('room');
      connection.emit('user', { id: 'unchecked here' });
    }

    @OnMessage('*')
    ignore() {}
  }

  it('checks and serialises what a connection emits, and what does not fit throws at the emit', async () => {
    await using server = await serve([RoomController]);
    await using client = await server.connect('/');
    client.send({ event: 'emit', id: 1 });
    expect(await client.take(4)).toEqual([
      { event: 'user', data: wire },
      { event: 'users', data: [wire] },
      { event: 'count', data: 2 },
      {
        id: 1,
        data: ['OutgoingError: id isInt', 'OutgoingError: 1.id isInt', 'OutgoingError:  schema'],
      },
    ]);
    expect(server.log).toEqual([]);
  });

  it('checks what is emitted to a topic, and the raw publish is not checked', async () => {
    await using server = await serve([RoomController]);
    await using client = await server.connect('/');
    await using other = await server.connect('/');
    client.send({ event: 'to', id: 1 });
    expect(await client.next()).toEqual({
      id: 1,
      data: ['OutgoingError: id isInt', 'OutgoingError: 1.id isInt', 'nothing'],
    });
    expect(await other.take(2)).toEqual([
      { event: 'user', data: wire },
      expect.objectContaining({ id: SECRET }),
    ]);
  });

  it('checks what the Publisher emits, for every controller together', async () => {
    await using server = await serve([RoomController, OtherController]);
    await using client = await server.connect('/');
    await using other = await server.connect('/other');
    expect(await other.next()).toEqual({ event: 'user', data: { id: 'unchecked here' } });
    client.send({ event: 'publisher', id: 1 });
    expect(await client.take(2)).toEqual([
      { event: 'user', data: wire },
      { id: 1, data: ['OutgoingError: id isInt', 'OutgoingError: 1.id isInt'] },
    ]);
    expect(await other.take(2)).toEqual([
      { event: 'user', data: wire },
      { event: 'count', data: 3 },
    ]);
  });

  it('leaves events that it does not name unchecked', async () => {
    await using server = await serve([RoomController]);
    await using client = await server.connect('/');
    client.send({ event: 'unknown', id: 1 });
    expect(await client.take(3)).toEqual([
      { event: 'other', data: { secret: SECRET } },
      { event: 'toString', data: { any: true } },
      { id: 1, data: null },
    ]);
  });

  it('is the handler’s failure where nothing catches it', async () => {
    await using server = await serve([RoomController]);
    await using client = await server.connect('/');
    client.send({ event: 'throws', id: 1 });
    expect(await client.next()).toEqual({ id: 1, error: INTERNAL });
    expect(failuresOf(server.log)).toEqual(['RoomController.throws(): id isInt']);
    expect(firstError(server.log).message).toMatch(/^the data of "user" does not fit its type: id isInt \(/);
  });

  it('of two controllers passes data that fits either', async () => {
    class Name {
      @IsString()
      name!: string;
    }
    class Id {
      @IsInt()
      id!: number;
    }
    @WebSocketRoute('/name')
    @Emits({ who: Name })
    class NameController {
      @OnOpen()
      open(connection: Connection) {
        connection.subscribe('who');
      }

      @OnMessage('*')
      ignore() {}
    }
    @WebSocketRoute('/id')
    @Emits({ who: Id })
    class IdController {}
    await using server = await serve([NameController, IdController]);
    await using client = await server.connect('/name');
    const publisher = server.app.get(Publisher);
    publisher.to('who').emit('who', { name: 'Ada', token: SECRET });
    publisher.to('who').emit('who', { id: 7, token: SECRET });
    expect(thrownBy(() => publisher.to('who').emit('who', { token: SECRET }))).toMatch(/^OutgoingError/);
    expect(await client.take(2)).toEqual([
      { event: 'who', data: { name: 'Ada' } },
      { event: 'who', data: { id: 7 } },
    ]);
  });

  it('cannot wait for an asynchronous check, and says what to do', async () => {
    @WebSocketRoute('/')
    @Emits({ late: z.string().refine(async () => true) })
    class LateController {
      @OnMessage('go')
      go(connection: Connection) {
        return thrownBy(() => connection.emit('late', SECRET));
      }
    }
    await using server = await serve([LateController]);
    await using client = await server.connect('/');
    expect((await client.request('go', null, 1)).data).toMatch(
      /^TypeError: the data of "late" cannot wait for an asynchronous check/,
    );
  });
});
