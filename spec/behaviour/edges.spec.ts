import {
  BeforeHandle,
  Connection,
  createApplication,
  Handshake,
  MessageBody,
  Module,
  OnClose,
  OnMessage,
  OnOpen,
  Param,
  ParseMessage,
  Publisher,
  Query,
  UpgradeHeaders,
  WebSocketRoute,
} from 'gatewire';
import { describe, expect, it } from 'vitest';
import { mistakesOf, serve } from '../support/application.ts';
import { until } from '../support/deadline.ts';
import { openRaw, rawUpgrade } from '../support/raw.ts';

describe('a stream', () => {
  it('that never waits lets everybody else go on, and its cancel in', async () => {
    @WebSocketRoute('/')
    class CountController {
      @OnMessage('count')
      *count() {
        for (let at = 0; ; at++) yield at;
      }

      @OnMessage('echo')
      echo() {
        return 'here';
      }
    }
    await using server = await serve([CountController]);
    await using counting = await server.connect('/');
    await using other = await server.connect('/');
    counting.send({ event: 'count', id: 1 });
    await counting.next();
    other.send({ event: 'echo', id: 1 });
    expect(await other.next()).toEqual({ id: 1, data: 'here' });
    counting.send({ id: 1, cancel: true });
    let frame = await counting.next(10_000);
    while (!('done' in (frame as object))) frame = await counting.next(10_000);
  });

  it('that waits for its next item ends when the client leaves, and @OnClose runs', async () => {
    const events: string[] = [];
    @WebSocketRoute('/')
    class WaitController {
      @OnMessage()
      wait() {
        return {
          [Symbol.asyncIterator]: () => ({
            next: () => new Promise<IteratorResult<unknown>>(() => events.push('pull')),
            return: async () => {
              events.push('return');
              return { done: true, value: undefined };
            },
          }),
        };
      }

      @OnClose()
      close() {
        events.push('close');
      }
    }
    await using server = await serve([WaitController]);
    const client = await server.connect('/');
    client.send('go');
    await until(() => events.length === 1, 'the pull');
    await client.close();
    await until(() => events.length === 3, 'the end');
    expect(events.toSorted()).toEqual(['close', 'pull', 'return']);
  });

  it('that was cancelled before it began sends nothing but done', async () => {
    const gate = Promise.withResolvers<void>();
    @WebSocketRoute('/')
    class LateController {
      @OnMessage('late')
      async late() {
        await gate.promise;
        return [1, 2, 3][Symbol.iterator]();
      }

      @OnMessage('echo')
      echo() {}
    }
    await using server = await serve([LateController]);
    await using client = await server.connect('/');
    client.send({ event: 'late', id: 7 });
    client.send({ id: 7, cancel: true });
    client.send({ event: 'echo', id: 8 });
    // Bun answers pings by itself, so the answer says that the server read everything before.
    const read = new Promise(resolve =>
      client.socket.addEventListener('pong' as 'open', resolve, { once: true }),
    );
    (client.socket as WebSocket & { ping(): void }).ping();
    await read;
    gate.resolve();
    expect(await client.take(2)).toEqual(
      expect.arrayContaining([
        { id: 7, done: true },
        { id: 8, data: null },
      ]),
    );
  });
});

describe('@ParseMessage', () => {
  it.each(['event', 'data'])('whose result throws at its %s is its own failure', async field => {
    @WebSocketRoute('/')
    class LazyController {
      @ParseMessage()
      parse(frame: string) {
        if (frame === 'fine') return { event: 'echo', data: 1 };
        const parsed = { event: 'echo', data: 1 };
        return Object.defineProperty(parsed, field, {
          get() {
            throw new Error('lazy');
          },
        });
      }

      @OnMessage('echo')
      echo() {
        return 'fine';
      }
    }
    await using server = await serve([LazyController]);
    await using client = await server.connect('/');
    client.send('lazy');
    client.send('fine');
    expect(await client.take(2)).toEqual([
      { event: 'exception', data: { status: 'error', code: 'internal', message: 'Internal server error' } },
      { event: 'echo', data: 'fine' },
    ]);
    expect(server.log).toMatchObject([{ facts: { hook: 'LazyController.parse()' } }]);
  });
});

describe('a socket that an HTTP handler upgraded by itself', () => {
  it('is closed with 1011, and the log says why', async () => {
    const upgrading = (request: Request, server: Bun.Server<unknown>) =>
      server.upgrade(request, { data: undefined }) ? undefined : new Response('no');
    await using server = await serve([], { fetch: upgrading });
    await using client = await server.connect('/own');
    client.send('x');
    expect(await client.closed()).toMatchObject({ code: 1011 });
    expect(server.log).toMatchObject([
      { level: 'error', message: expect.stringContaining('@WebSocketRoute') },
    ]);
  });
});

describe('a controller without message handlers', () => {
  it('may ask its client', async () => {
    const answered = Promise.withResolvers<unknown>();
    @WebSocketRoute('/')
    class AskController {
      @OnOpen()
      async open(connection: Connection) {
        answered.resolve(await connection.request('who'));
      }
    }
    await using server = await serve([AskController]);
    await using client = await server.connect('/');
    const { id } = (await client.next()) as { id: number };
    // What many serialisers write for no error.
    client.send({ id, data: 'ada', error: null });
    expect(await answered.promise).toBe('ada');
  });
});

describe('the path of a request', () => {
  it('is never what its query says, whatever the Host', async () => {
    @WebSocketRoute('/public/*')
    class PublicController {
      @BeforeHandle()
      refuse(handshake: Handshake, @Param('*') rest: string) {
        return new Response(`${handshake.path} ${rest}`, { status: 418 });
      }
    }
    await using server = await serve([PublicController]);
    const headers = { Host: 'a b<script>' };
    const response = await rawUpgrade(`${server.url}/public/a?x=://evil/admin`, { headers });
    expect([response.status, response.body]).toEqual([418, '/public/a a']);
  });
});

describe('headers of the protocol', () => {
  it('cannot be given by options, nor can what no header may hold', async () => {
    for (const headers of [{ 'Sec-WebSocket-Protocol': 'evil' }, { 'X-Name': 'Łódź' }]) {
      @WebSocketRoute('/', { headers })
      class HeadersController {}
      expect(await mistakesOf([HeadersController])).toContain('GATEWIRE_OPTION_RANGE');
    }
  });

  it('cannot be given by @UpgradeHeaders, which is its failure', async () => {
    @WebSocketRoute('/')
    class HeadersController {
      @UpgradeHeaders()
      headers() {
        return { 'Sec-WebSocket-Protocol': 'evil' };
      }
    }
    await using server = await serve([HeadersController]);
    expect((await rawUpgrade(`${server.url}/`)).status).toBe(500);
    expect(server.log).toMatchObject([{ facts: { hook: 'HeadersController.headers()' } }]);
  });
});

describe('a file at the path of a socket route', () => {
  it('is served, and the upgrade goes to the route', async () => {
    @WebSocketRoute('/page')
    class PageController {
      @OnOpen()
      open() {
        return 'open';
      }
    }
    const file = Bun.file(new URL('../../LICENSE', import.meta.url));
    await using server = await serve([PageController], { routes: { '/page': file } });
    expect(await (await fetch(`${server.url}/page`)).text()).toContain('MIT');
    await using client = await server.connect('/page');
    expect(await client.next()).toBe('open');
  });
});

describe('one frame larger than backpressureLimit', () => {
  it('reaches a client that reads', async () => {
    @WebSocketRoute('/', { backpressureLimit: 1000 })
    class LargeController {
      @OnMessage()
      large(text: string) {
        return text === 'go' ? 'y'.repeat(8_000_000) : text;
      }
    }
    await using server = await serve([LargeController]);
    await using client = await server.connect('/');
    client.send('go');
    expect(((await client.nextFrame(10_000)) as string).length).toBe(8_000_000);
    client.send('still here');
    expect(await client.nextFrame()).toBe('still here');
  });
});

describe('@OnClose', () => {
  it('does not run in the middle of what closes the connection', async () => {
    const events: string[] = [];
    const open = new Set<Connection>();
    @WebSocketRoute('/')
    class KickController {
      @OnOpen()
      open(connection: Connection) {
        open.add(connection);
      }

      @OnMessage()
      kick(_text: string, connection: Connection) {
        events.push('kick begins');
        for (const other of open) if (other !== connection) other.close(4001);
        events.push('kick ends');
        return 'kicked';
      }

      @OnClose()
      close(connection: Connection) {
        events.push('close');
        open.delete(connection);
      }
    }
    await using server = await serve([KickController]);
    await using client = await server.connect('/');
    const other = await server.connect('/');
    client.send('go');
    expect(await client.next()).toBe('kicked');
    await other.closed();
    await until(() => events.includes('close'), 'the close');
    expect(events).toEqual(['kick begins', 'kick ends', 'close']);
  });

  it('sends after what a publish that closed its connection had begun', async () => {
    const COUNT = 3000;
    @WebSocketRoute('/', { backpressureLimit: 10_000 })
    class SlowController {
      constructor(private readonly publisher: Publisher) {}

      @OnOpen()
      open(connection: Connection) {
        connection.subscribe('all');
      }

      @OnMessage()
      go(text: string) {
        for (let at = 0; at < COUNT; at++) this.publisher.publish('all', text.repeat(10_000));
      }

      @OnClose()
      close() {
        this.publisher.publish('all', 'left');
      }
    }
    @WebSocketRoute('/other', { backpressureLimit: 2 ** 26 })
    class OtherController {
      @OnOpen()
      open(connection: Connection) {
        connection.subscribe('all');
      }
    }
    await using server = await serve([SlowController, OtherController]);
    const { socket } = await openRaw(`${server.url}/`);
    socket.pause();
    await using reader = await server.connect('/other');
    // 'x', masked with zeros (RFC 6455 §5.2).
    socket.write(Buffer.from([0x81, 0x81, 0, 0, 0, 0, 0x78]));
    let count = 0;
    for (let frame = await reader.nextFrame(10_000); frame !== 'left'; frame = await reader.nextFrame(10_000))
      count++;
    expect(count).toBe(COUNT);
    socket.destroy();
  });
});

describe('messages before one that is too big', () => {
  it('are handled, by a route’s own limit as by that of the server', async () => {
    const controllerAt = (path: string, maxPayloadLength: number) => {
      @WebSocketRoute(path, { maxPayloadLength })
      class LimitController {
        static readonly seen: string[] = [];

        @OnMessage()
        async take(text: string) {
          await new Promise(resolve => setImmediate(resolve));
          LimitController.seen.push(text);
        }

        @OnClose()
        close(code: number) {
          LimitController.seen.push(String(code));
        }
      }
      return LimitController;
    };
    const small = controllerAt('/small', 100);
    const large = controllerAt('/large', 1000);
    await using server = await serve([small, large]);
    for (const [path, limit, { seen }] of [
      ['/small', 100, small],
      ['/large', 1000, large],
    ] as const) {
      await using client = await server.connect(path);
      for (const text of ['a', 'b', 'c', 'x'.repeat(limit + 1)]) client.send(text);
      await until(() => seen.length === 4, 'the end');
      expect(seen).toEqual(['a', 'b', 'c', '1009']);
    }
  });
});

describe('time-outs', () => {
  it('may be Infinity, and must be a number of milliseconds', async () => {
    @WebSocketRoute('/')
    class AskController {
      @OnMessage('ask')
      ask(connection: Connection) {
        return connection.request('q', null, { timeout: Number.POSITIVE_INFINITY });
      }
    }
    await using server = await serve([AskController]);
    await using client = await server.connect('/');
    client.send({ event: 'ask', id: 1 });
    const { id } = (await client.next()) as { id: number };
    client.send({ id, data: 5 });
    expect(await client.next()).toEqual({ id: 1, data: 5 });
    expect(() => server.app.close({ timeout: Number.NaN })).toThrow(RangeError);
    expect(() => server.app.close({ timeout: -1 })).toThrow(
      'a timeout is a number of milliseconds, 0 or more (got -1)',
    );
  });
});

describe('app.close()', () => {
  it('lets an HTTP request that is being served finish', async () => {
    const entered = Promise.withResolvers<void>();
    const gate = Promise.withResolvers<void>();
    const slow = async () => {
      entered.resolve();
      await gate.promise;
      return new Response('served');
    };
    await using server = await serve([], { routes: { '/slow': slow } });
    const response = fetch(`${server.url}/slow`);
    await entered.promise;
    const closing = server.app.close();
    gate.resolve();
    expect(await (await response).text()).toBe('served');
    await closing;
  });

  it('says of an application that could not listen that it is over', async () => {
    class TakenModule {}
    Module({})(TakenModule);
    await using server = await serve([]);
    const app = await createApplication(TakenModule, { logger: false });
    const where = { port: server.app.port, hostname: '127.0.0.1' };
    await expect(app.listen(where)).rejects.toThrow();
    await expect(app.listen(where)).rejects.toThrow('create another one');
  });
});

describe('a check that throws instead of judging', () => {
  const broken = {
    '~standard': {
      version: 1,
      vendor: 'spec',
      validate: (value: unknown) => {
        if (value === 'fine' || (value as { fine?: unknown })?.fine === 'yes') return { value };
        throw new Error('the database is down');
      },
    },
  } as const;

  it('refuses the value, and the log says what was thrown', async () => {
    @WebSocketRoute('/')
    class CheckedController {
      @OnMessage()
      take(@MessageBody(broken) value: unknown, @Query(broken) _query: unknown) {
        return value;
      }
    }
    await using server = await serve([CheckedController]);
    expect((await rawUpgrade(`${server.url}/`)).status).toBe(422);
    await using client = await server.connect('/?fine=yes');
    client.send('"x"');
    client.send('"fine"');
    expect(await client.take(2)).toEqual([
      { error: expect.objectContaining({ code: 'validation_failed' }) },
      'fine',
    ]);
    expect(server.log.map(({ level, message, facts }) => [level, message, String(facts.error)])).toEqual([
      ['error', 'the check of CheckedController parameters failed', 'Error: the database is down'],
      ['error', 'the check of CheckedController.take() failed', 'Error: the database is down'],
    ]);
  });
});
