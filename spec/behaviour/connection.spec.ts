import { deflateRawSync } from 'node:zlib';
import {
  BeforeHandle,
  Connection,
  Handshake,
  MessageBody,
  OnClose,
  OnDrain,
  OnMessage,
  OnOpen,
  OnPing,
  OnPong,
  type RouteOptions,
  type SendStatus,
  WebSocketRoute,
} from 'gatewire';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { type Running, serve } from '../support/application.ts';
import type { Client, Closed } from '../support/client.ts';
import { until } from '../support/deadline.ts';
import {
  closePayload,
  connectUnreading,
  type FrameParts,
  frame,
  OPCODES,
  RawClient,
} from '../support/frames.ts';

const MIB = 2 ** 20;

/** Runs a spec's own code on the server's side of one connection. */
class Bench implements AsyncDisposable {
  readonly server: Running;
  readonly client: Client;
  /** The server's side. */
  readonly connection: Connection;
  /** How connections ended, as @OnClose was told. */
  readonly closes: Closed[];

  private constructor(parts: Pick<Bench, 'server' | 'client' | 'connection' | 'closes'>) {
    this.server = parts.server;
    this.client = parts.client;
    this.connection = parts.connection;
    this.closes = parts.closes;
  }

  static async open(options: RouteOptions = {}): Promise<Bench> {
    const connections: Connection[] = [];
    const closes: Closed[] = [];
    @WebSocketRoute('/bench', options)
    class BenchController {
      @OnOpen()
      open(connection: Connection) {
        connections.push(connection);
      }

      @OnMessage('echo')
      echo(@MessageBody(() => Object) value: unknown) {
        return value;
      }

      @OnClose()
      close(code: number, reason: string) {
        closes.push({ code, reason });
      }
    }
    const server = await serve([BenchController]);
    const client = await server.connect('/bench');
    await until(() => connections.length === 1, 'the connection');
    return new Bench({ server, client, connection: connections[0] as Connection, closes });
  }

  async closed(): Promise<Closed> {
    await until(() => this.closes.length === 1, '@OnClose');
    return this.closes[0] as Closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.client[Symbol.asyncDispose]();
    await this.server[Symbol.asyncDispose]();
  }
}

/** The payload of the next control frame that a client is sent. */
function controlFrame(client: Client, type: 'ping' | 'pong'): Promise<string> {
  return new Promise(resolve => {
    client.socket.addEventListener(
      type as 'message',
      event => resolve(Buffer.from((event as MessageEvent).data).toString()),
      { once: true },
    );
  });
}

describe('connection.send()', () => {
  it.each([
    ['text', 'hello', 'hello'],
    ['empty text', '', ''],
    ['bytes', new Uint8Array([1, 2]), new Uint8Array([1, 2])],
    ['no bytes', new Uint8Array(0), new Uint8Array(0)],
    ['a part of a buffer', Buffer.from('abcd').subarray(1, 3), new Uint8Array([98, 99])],
    ['an object as JSON', { a: [1, null] }, '{"a":[1,null]}'],
    ['null as JSON', null, 'null'],
    ['false as JSON', false, 'false'],
  ])('sends %s', async (_name, value, sent) => {
    await using bench = await Bench.open();
    expect(bench.connection.send(value)).toBe('sent');
    expect(await bench.client.nextFrame()).toEqual(sent);
  });

  it.each([
    ['undefined', undefined],
    ['a function', () => {}],
    ['a symbol', Symbol('x')],
    ['a BigInt', 1n],
    ['a Map', new Map()],
    ['a promise', Promise.resolve(1)],
  ])('throws a TypeError for %s', async (_name, value) => {
    await using bench = await Bench.open();
    expect(() => bench.connection.send(value)).toThrow(TypeError);
    expect(bench.connection.send('after')).toBe('sent');
    expect(await bench.client.next()).toBe('after');
  });

  it('says "queued" while the client does not read, and @OnDrain comes once it does', async () => {
    const drains: number[] = [];
    const statuses: SendStatus[] = [];
    @WebSocketRoute('/slow', { backpressureLimit: 64 * MIB })
    class SlowController {
      @OnOpen()
      open(connection: Connection) {
        for (let at = 0; at < 4; at++) statuses.push(connection.send('x'.repeat(4 * MIB)));
        statuses.push(connection.send('small'));
      }

      @OnDrain()
      drain(connection: Connection) {
        drains.push(connection.bufferedAmount);
      }
    }
    await using server = await serve([SlowController]);
    const socket = await connectUnreading(`${server.url}/slow`);
    await until(() => statuses.length === 5, 'five sends');
    expect(new Set(statuses.slice(-2))).toEqual(new Set(['queued']));
    expect(drains).toEqual([]);
    let received = 0;
    socket.on('data', chunk => {
      received += chunk.length;
    });
    socket.resume();
    await until(() => drains.at(-1) === 0, 'the last drain');
    await until(() => received > 16 * MIB, 'everything');
    expect(drains.toSorted((one, other) => other - one)).toEqual(drains);
    socket.destroy();
  });

  it('says "dropped" once the connection is closed', async () => {
    await using bench = await Bench.open();
    await bench.client.close();
    await bench.closed();
    expect(bench.connection.send('late')).toBe('dropped');
  });
});

describe('connection.emit()', () => {
  it('sends an envelope; no data is null', async () => {
    await using bench = await Bench.open();
    expect(bench.connection.emit('a "b"', { c: 1 })).toBe('sent');
    expect(bench.connection.emit('empty')).toBe('sent');
    expect(await bench.client.take(2)).toEqual([
      { event: 'a "b"', data: { c: 1 } },
      { event: 'empty', data: null },
    ]);
  });

  it('throws a TypeError on a plain route, and so does request()', async () => {
    const thrown: unknown[] = [];
    @WebSocketRoute('/plain')
    class PlainController {
      @OnMessage()
      handle(_text: string, connection: Connection) {
        for (const misuse of [() => connection.emit('x'), () => connection.request('x')]) {
          try {
            void misuse();
          } catch (error) {
            thrown.push(error);
          }
        }
        return 'done';
      }
    }
    await using server = await serve([PlainController]);
    await using client = await server.connect('/plain');
    client.send('go');
    expect(await client.next()).toBe('done');
    expect(thrown).toEqual([
      new TypeError(
        'connection.emit() needs an events route: PlainController is a plain route, use connection.send()',
      ),
      new TypeError(
        'connection.request() needs an events route: PlainController is a plain route, use connection.send()',
      ),
    ]);
  });
});

describe('connection.close()', () => {
  const SENDABLE = [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 4000, 4999];
  const OTHERS = [
    -1,
    0,
    1,
    999,
    1004,
    1005,
    1006,
    1015,
    1016,
    2999,
    5000,
    65_535,
    65_536,
    1000.5,
    Number.NaN,
  ];

  it.each(SENDABLE)('sends the code %i and the reason, which @OnClose gets too', async code => {
    await using bench = await Bench.open();
    bench.connection.close(code, 'é reason');
    expect(await bench.client.closed()).toEqual({ code, reason: 'é reason' });
    expect(await bench.closed()).toEqual({ code, reason: 'é reason' });
  });

  it.each([...OTHERS, '1000' as unknown as number])(
    'throws a RangeError for %s, and stays open',
    async code => {
      await using bench = await Bench.open();
      expect(() => bench.connection.close(code)).toThrow(
        new RangeError(
          `close code ${code} must not be sent: use 1000–1003, 1007–1014 or 3000–4999 (4008 and 4400–4499 are Gatewire's)`,
        ),
      );
      expect(bench.connection.send('still here')).toBe('sent');
      expect(await bench.client.next()).toBe('still here');
    },
  );

  it('sends 1000 without a reason by default', async () => {
    await using bench = await Bench.open();
    bench.connection.close();
    expect(await bench.client.closed()).toEqual({ code: 1000, reason: '' });
    expect(await bench.closed()).toEqual({ code: 1000, reason: '' });
  });

  it.each([
    ['x'.repeat(200), 'x'.repeat(123)],
    ['é'.repeat(62), 'é'.repeat(61)],
    ['€'.repeat(42), '€'.repeat(41)],
    ['😀'.repeat(31), '😀'.repeat(30)],
    [`x${'😀'.repeat(31)}`, `x${'😀'.repeat(30)}`],
    ['x'.repeat(123), 'x'.repeat(123)],
  ])('cuts the reason %s to 123 bytes, between two characters', async (reason, cut) => {
    await using bench = await Bench.open();
    bench.connection.close(4000, reason);
    expect(await bench.client.closed()).toEqual({ code: 4000, reason: cut });
    expect((await bench.closed()).reason).toBe(cut);
  });

  it('throws a TypeError for a reason that is no string', async () => {
    await using bench = await Bench.open();
    expect(() => bench.connection.close(4000, new Uint8Array(4) as never)).toThrow(TypeError);
    expect(bench.connection.readyState).toBe(1);
  });

  it('sends what was sent before first, and does nothing the second time', async () => {
    await using bench = await Bench.open();
    for (let at = 0; at < 100; at++) bench.connection.send('x'.repeat(10_000));
    bench.connection.close(4000, 'first');
    bench.connection.close(4001, 'second');
    bench.connection.terminate();
    expect(await bench.client.closed()).toEqual({ code: 4000, reason: 'first' });
    expect(bench.client.untaken).toHaveLength(100);
    expect(bench.closes).toEqual([{ code: 4000, reason: 'first' }]);
  });
});

describe('connection.terminate()', () => {
  it('drops the connection without a close frame', async () => {
    await using bench = await Bench.open();
    bench.connection.terminate();
    expect((await bench.client.closed()).code).toBe(1006);
    expect(await bench.closed()).toEqual({ code: 1006, reason: '' });
  });
});

describe('connection.cork()', () => {
  it('gives what its callback returns; its frames keep their order', async () => {
    await using bench = await Bench.open();
    bench.connection.send('before');
    const result = bench.connection.cork(() => {
      bench.connection.send('one');
      bench.connection.emit('two');
      return 3;
    });
    bench.connection.send('after');
    expect(result).toBe(3);
    expect(await bench.client.take(4)).toEqual(['before', 'one', { event: 'two', data: null }, 'after']);
  });

  it('throws what its callback throws', async () => {
    await using bench = await Bench.open();
    const broken = () => {
      throw new Error('broken');
    };
    expect(() => bench.connection.cork(broken)).toThrow('broken');
    expect(bench.connection.send('after')).toBe('sent');
  });
});

describe('pings and pongs', () => {
  it.each(['', 'hello', 'x'.repeat(125)])(
    'the server’s ping %j reaches the client, its pong @OnPong',
    async text => {
      const ponged = Promise.withResolvers<Uint8Array>();
      const statuses: SendStatus[] = [];
      @WebSocketRoute('/control')
      class ControlController {
        @OnMessage()
        ping(given: string, connection: Connection) {
          statuses.push(given === '' ? connection.ping() : connection.ping(given));
        }

        @OnPong()
        pong(bytes: Uint8Array) {
          ponged.resolve(bytes);
        }
      }
      await using server = await serve([ControlController]);
      await using client = await server.connect('/control');
      const pinged = controlFrame(client, 'ping');
      client.send(text);
      expect(await pinged).toBe(text);
      expect(new TextDecoder().decode(await ponged.promise)).toBe(text);
      expect(statuses).toEqual(['sent']);
    },
  );

  it('the client’s ping reaches @OnPing and is answered with its payload', async () => {
    const pinged = Promise.withResolvers<unknown>();
    @WebSocketRoute('/control')
    class ControlController {
      @OnPing()
      ping(bytes: Uint8Array) {
        pinged.resolve([bytes instanceof Uint8Array, new TextDecoder().decode(bytes)]);
      }
    }
    await using server = await serve([ControlController]);
    await using client = await server.connect('/control');
    const answered = controlFrame(client, 'pong');
    (client.socket as WebSocket & { ping(data: string): void }).ping('hello');
    expect(await answered).toBe('hello');
    expect(await pinged.promise).toEqual([true, 'hello']);
  });

  it('pong() sends an unasked pong', async () => {
    await using bench = await Bench.open();
    const ponged = controlFrame(bench.client, 'pong');
    expect(bench.connection.pong(new Uint8Array([104, 105]))).toBe('sent');
    expect(await ponged).toBe('hi');
  });

  it('a payload of more than 125 bytes is a RangeError', async () => {
    await using bench = await Bench.open();
    expect(() => bench.connection.ping('x'.repeat(126))).toThrow(RangeError);
    expect(() => bench.connection.pong(new Uint8Array(126))).toThrow(RangeError);
    expect(bench.connection.send('after')).toBe('sent');
  });
});

describe('topics of a connection', () => {
  it('subscriptions are live', async () => {
    await using bench = await Bench.open();
    const { connection } = bench;
    expect(connection.subscriptions).toEqual([]);
    expect([connection.subscribe('a'), connection.subscribe('a'), connection.subscribe('b')]).toEqual([
      true,
      true,
      true,
    ]);
    expect(connection.subscriptions.toSorted()).toEqual(['a', 'b']);
    expect([connection.isSubscribed('a'), connection.isSubscribed('c')]).toEqual([true, false]);
    expect([connection.unsubscribe('a'), connection.unsubscribe('a')]).toEqual([true, false]);
    expect(connection.subscriptions).toEqual(['b']);
    expect(bench.server.app.server.subscriberCount('b')).toBe(1);
    await bench.client.close();
    await bench.closed();
    expect(connection.subscriptions).toEqual([]);
    expect(bench.server.app.server.subscriberCount('b')).toBe(0);
  });

  it.each(['', 1, undefined])('the topic %j is a TypeError', async topic => {
    await using bench = await Bench.open();
    const { connection } = bench;
    for (const misuse of [
      () => connection.subscribe(topic as string),
      () => connection.unsubscribe(topic as string),
      () => connection.publish(topic as string, 'x'),
      () => connection.to(topic as string),
    ]) {
      expect(misuse).toThrow(TypeError);
    }
  });

  /** Two connections of one topic, and what each gets of what the first publishes. */
  async function published(options: RouteOptions): Promise<unknown[]> {
    @WebSocketRoute('/room', options)
    class RoomController {
      @OnOpen()
      open(connection: Connection) {
        connection.subscribe('room');
      }

      @OnMessage('say')
      say(connection: Connection) {
        connection.publish('room', 'text');
        connection.publish('room', new Uint8Array([1]));
        connection.publish('room', { json: true });
        connection.to('room').emit('event', 7);
        connection.to('room').publish('bare');
        connection.publish('elsewhere', 'lost');
        return 'said';
      }
    }
    await using server = await serve([RoomController]);
    await using speaker = await server.connect('/room');
    await using listener = await server.connect('/room');
    const heard = await Promise.all(
      [speaker, listener].map(async client => {
        if (client === speaker) client.send({ event: 'say', id: 1 });
        const frames: unknown[] = [];
        const due = client === speaker && options.publishToSelf !== true ? 1 : 5;
        while (frames.length < due) frames.push(await client.next());
        return frames;
      }),
    );
    return heard;
  }

  const EVERYTHING = ['text', new Uint8Array([1]), { json: true }, { event: 'event', data: 7 }, 'bare'];

  it('publish() and to().emit() reach the others, not the sender', async () => {
    expect(await published({})).toEqual([[{ id: 1, data: 'said' }], EVERYTHING]);
  });

  it('with publishToSelf the sender too', async () => {
    expect(await published({ publishToSelf: true })).toEqual([EVERYTHING, EVERYTHING]);
  });
});

describe('the connection object', () => {
  it('is the same one in every hook, with the same id', async () => {
    const seen: [string, unknown, string][] = [];
    const see = (hook: string, connection: Connection) => seen.push([hook, connection, connection.id]);
    const ids: string[] = [];
    @WebSocketRoute('/same')
    class SameController {
      @BeforeHandle()
      before(handshake: Handshake) {
        ids.push(handshake.id);
      }

      @OnOpen()
      open(connection: Connection) {
        see('open', connection);
      }

      @OnPing()
      ping(_bytes: Uint8Array, connection: Connection) {
        see('ping', connection);
      }

      @OnPong()
      pong(_bytes: Uint8Array, connection: Connection) {
        see('pong', connection);
      }

      @OnMessage('go')
      async go(connection: Connection, handshake: Handshake) {
        see('message', connection);
        await null;
        see('message', connection);
        connection.ping();
        return [connection.id === handshake.id, connection.handshake === handshake];
      }

      @OnClose()
      close(_code: number, _reason: string, connection: Connection) {
        see('close', connection);
      }
    }
    await using server = await serve([SameController]);
    await using client = await server.connect('/same');
    expect(await client.request('go', null, 1)).toEqual({ id: 1, data: [true, true] });
    (client.socket as WebSocket & { ping(): void }).ping();
    await until(() => new Set(seen.map(([hook]) => hook)).size === 4, 'ping and pong');
    await client.close();
    await until(() => seen.at(-1)?.[0] === 'close', '@OnClose');
    expect(new Set(seen.map(([hook]) => hook))).toEqual(
      new Set(['open', 'message', 'ping', 'pong', 'close']),
    );
    expect(new Set(seen.map(([, connection]) => connection)).size).toBe(1);
    expect(new Set([...ids, ...seen.map(([, , id]) => id)]).size).toBe(1);
    await using other = await server.connect('/same');
    await until(() => ids.length === 2, 'the other upgrade');
    expect(ids[0]).not.toBe(ids[1]);
    expect(other.untaken).toEqual([]);
  });

  it('keeps url, path, ip and subprotocol of the upgrade; the rest says where it went', async () => {
    await using bench = await Bench.open({ subprotocols: ['v1'] });
    const { handshake, remoteAddress } = bench.connection;
    expect(handshake).toMatchObject({
      url: `${bench.server.url}/bench`,
      path: '/bench',
      ip: '127.0.0.1',
      subprotocol: undefined,
    });
    expect(remoteAddress).toBe('127.0.0.1');
    expect(() => handshake.query).toThrow('during the upgrade only');
    await bench.client.close();
    await bench.closed();
    expect(bench.connection.remoteAddress).toBe('127.0.0.1');
    expect(handshake.path).toBe('/bench');
  });

  it('carries data from the upgrade on, typed', async () => {
    interface Session {
      name: string;
      count: number;
    }
    @WebSocketRoute('/data')
    class DataController {
      @BeforeHandle()
      before(handshake: Handshake<Session>) {
        handshake.data = { name: String(handshake.query.name), count: 0 };
      }

      @OnMessage('count')
      count(connection: Connection<Session>) {
        expectTypeOf(connection.data).toEqualTypeOf<Session>();
        connection.data.count++;
        return connection.data;
      }
    }
    await using server = await serve([DataController]);
    await using client = await server.connect('/data?name=Ada');
    await using other = await server.connect('/data?name=Bob');
    expect(await client.request('count', null, 1)).toEqual({ id: 1, data: { name: 'Ada', count: 1 } });
    expect(await client.request('count', null, 2)).toEqual({ id: 2, data: { name: 'Ada', count: 2 } });
    expect(await other.request('count', null, 3)).toEqual({ id: 3, data: { name: 'Bob', count: 1 } });
  });

  it('has {} as data where nothing was put there', async () => {
    await using bench = await Bench.open();
    expect(bench.connection.data).toEqual({});
    bench.connection.data.name = 'Ada';
    expect(bench.connection.data).toBe(bench.connection.handshake.data);
  });

  it.each(['arraybuffer', 'uint8array', 'nodebuffer'] as const)(
    'gives bytes as Uint8Array to every hook with binaryType %s',
    async type => {
      const seen: string[] = [];
      @WebSocketRoute('/binary')
      class BinaryController {
        @OnOpen()
        open(connection: Connection) {
          connection.binaryType = type;
        }

        @OnPing()
        ping(bytes: Uint8Array) {
          seen.push(`ping ${bytes instanceof Uint8Array} ${bytes.length}`);
        }

        @OnMessage()
        handle(bytes: Uint8Array, connection: Connection) {
          seen.push(`message ${bytes instanceof Uint8Array} ${bytes.length} ${connection.binaryType}`);
          return bytes;
        }
      }
      await using server = await serve([BinaryController]);
      await using client = await server.connect('/binary');
      (client.socket as WebSocket & { ping(data: string): void }).ping('four');
      client.send(new Uint8Array([1, 2, 3]));
      expect(await client.next()).toEqual(new Uint8Array([1, 2, 3]));
      expect(seen).toEqual(['ping true 4', `message true 3 ${type}`]);
    },
  );
});

describe('late calls on a closed connection', () => {
  /** Everything there is to call; none of it may throw. */
  async function callEverything(connection: Connection): Promise<unknown> {
    connection.close(4001, 'late');
    connection.terminate();
    connection.publish('room', 'late');
    connection.to('room').emit('late');
    connection.binaryType = 'arraybuffer';
    return {
      readyState: connection.readyState,
      send: connection.send('late'),
      emit: connection.emit('late'),
      ping: connection.ping(),
      pong: connection.pong('late'),
      subscribe: connection.subscribe('room'),
      unsubscribe: connection.unsubscribe('room'),
      isSubscribed: connection.isSubscribed('room'),
      subscriptions: connection.subscriptions,
      bufferedAmount: connection.bufferedAmount,
      remoteAddress: connection.remoteAddress,
      signal: connection.signal.aborted,
      cork: connection.cork(() => 'run'),
      request: await connection.request('late').catch((error: { code: string }) => error.code),
    };
  }

  const NOTHING = {
    readyState: 3,
    send: 'dropped',
    emit: 'dropped',
    ping: 'dropped',
    pong: 'dropped',
    subscribe: false,
    unsubscribe: false,
    isSubscribed: false,
    subscriptions: [],
    bufferedAmount: 0,
    remoteAddress: '127.0.0.1',
    signal: true,
    cork: 'run',
    request: 'closed',
  };

  it.each(['the client', 'close()', 'terminate()'])('closed by %s: in @OnClose and long after', async who => {
    const results: unknown[] = [];
    const kept: Connection[] = [];
    @WebSocketRoute('/late')
    class LateController {
      @OnOpen()
      open(connection: Connection) {
        connection.subscribe('room');
        kept.push(connection);
      }

      @OnMessage('leave')
      leave(connection: Connection) {
        if (who === 'close()') connection.close();
        else connection.terminate();
      }

      @OnClose()
      async close(_code: number, _reason: string, connection: Connection) {
        results.push(await callEverything(connection));
        await null;
        results.push(await callEverything(connection));
      }
    }
    await using server = await serve([LateController]);
    await using client = await server.connect('/late');
    if (who === 'the client') await client.close();
    else client.send({ event: 'leave' });
    await until(() => results.length === 2, '@OnClose');
    await until(() => server.app.server.pendingWebSockets === 0, 'the end of the socket');
    results.push(await callEverything(kept[0] as Connection));
    expect(results).toEqual([NOTHING, NOTHING, NOTHING]);
    expect(server.log).toEqual([]);
  });

  it.each(['async handler', 'waiting handler', 'stream', 'async @OnOpen', 'close()', 'terminate()'])(
    'remoteAddress is known to an %s that first asks after the close',
    async who => {
      const seen: unknown[] = [];
      const closed = (connection: Connection) =>
        new Promise(resolve => connection.signal.addEventListener('abort', resolve));
      @WebSocketRoute('/address')
      class AddressController {
        // Not async: that alone would be a reason to keep the address.
        @OnOpen()
        open(connection: Connection) {
          if (who !== 'async @OnOpen') return undefined;
          return closed(connection).then(() => void seen.push(connection.remoteAddress));
        }

        @OnMessage('async handler')
        async wait(connection: Connection) {
          await closed(connection);
          seen.push(connection.remoteAddress);
        }

        @OnMessage('first')
        async first(connection: Connection) {
          await closed(connection);
        }

        @OnMessage('waiting handler')
        next(connection: Connection) {
          seen.push(connection.remoteAddress);
        }

        @OnMessage('stream')
        async *stream(connection: Connection) {
          yield 1;
          await closed(connection);
          seen.push(connection.remoteAddress);
        }

        @OnMessage('close()')
        close(connection: Connection) {
          connection.close();
          seen.push(connection.remoteAddress);
        }

        @OnMessage('terminate()')
        terminate(connection: Connection) {
          connection.terminate();
          seen.push(connection.remoteAddress);
        }
      }
      await using server = await serve([AddressController]);
      await using client = await server.connect('/address');
      if (who === 'waiting handler') client.send({ event: 'first' });
      client.send({ event: who, id: 1 });
      if (who === 'stream') expect(await client.next()).toEqual({ id: 1, next: 1 });
      if (!who.endsWith('()')) await client.close();
      await until(() => seen.length === 1, who);
      expect(seen).toEqual(['127.0.0.1']);
    },
  );

  it('publish() and to().emit() still reach the others, in @OnClose and long after', async () => {
    const kept: Connection[] = [];
    @WebSocketRoute('/late')
    class LateController {
      @OnOpen()
      open(connection: Connection) {
        connection.subscribe('room');
        kept.push(connection);
      }

      @OnMessage('nothing')
      nothing() {}

      @OnClose()
      async close(_code: number, _reason: string, connection: Connection) {
        connection.to('room').emit('left', 'sync');
        await new Promise(resolve => setTimeout(resolve, 1));
        connection.publish('room', 'async');
      }
    }
    await using server = await serve([LateController]);
    await using client = await server.connect('/late');
    await using other = await server.connect('/late');
    await client.close();
    expect(await other.take(2)).toEqual([{ event: 'left', data: 'sync' }, 'async']);
    await until(() => server.app.server.pendingWebSockets === 1, 'the end of the socket');
    kept[0]?.to('room').emit('long after');
    expect(await other.next()).toEqual({ event: 'long after', data: null });
  });
});

describe('a slow consumer', () => {
  it.each([
    ['the smallest', {}],
    ['the same', { backpressureLimit: 64 * 1024 }],
  ])(
    'is closed with 4008 by what is sent to it, which says "dropped": its limit is %s',
    async (_name, others) => {
      const statuses: SendStatus[] = [];
      const closes: Closed[] = [];
      @WebSocketRoute('/slow', { backpressureLimit: 64 * 1024 })
      class SlowController {
        @OnMessage()
        fill(_text: string, connection: Connection) {
          // More than any kernel takes in for a client that does not read.
          for (let at = 0; at < 4096 && connection.readyState === 1; at++) {
            statuses.push(connection.send('x'.repeat(16 * 1024)));
          }
        }

        @OnClose()
        close(code: number, reason: string) {
          closes.push({ code, reason });
        }
      }
      @WebSocketRoute('/healthy', others)
      class HealthyController {
        @OnMessage()
        echo(text: string) {
          return text;
        }
      }
      await using server = await serve([SlowController, HealthyController]);
      const socket = await connectUnreading(`${server.url}/slow`);
      await using healthy = await server.connect('/healthy');
      socket.write(frame({ opcode: OPCODES.text, payload: 'go' }));
      await until(() => closes.length === 1, '@OnClose', 10_000);
      expect(closes).toEqual([{ code: 4008, reason: 'slow consumer' }]);
      expect(statuses.at(-1)).toBe('dropped');
      expect(statuses.slice(0, -1)).not.toContain('dropped');
      expect(statuses).toContain('queued');
      healthy.send('well');
      expect(await healthy.next()).toBe('well');
      socket.destroy();
      await until(() => server.app.server.pendingWebSockets === 1, 'the end of the socket');
    },
  );
});

describe('@OnClose', () => {
  const badUtf8 = Buffer.from([0xff, 0xfe]);
  const text = (payload: string | Uint8Array, rest: Partial<FrameParts> = {}) =>
    frame({ opcode: OPCODES.text, payload, ...rest });
  const deflated = (payload: Uint8Array) =>
    text(deflateRawSync(payload, { finishFlush: 2 }).subarray(0, -4), { reserved: 4 });
  const close = (code: number, reason?: string | Uint8Array) =>
    frame({ opcode: OPCODES.close, payload: closePayload(code, reason) });

  /** What the client was sent and what @OnClose was told, for raw frames on a route. */
  async function endOf(frames: Buffer[], path: string): Promise<[wire: Closed, seen: Closed]> {
    const closes: Closed[] = [];
    class Hooks {
      @OnMessage()
      handle(_text: string) {}

      @OnClose()
      close(code: number, reason: string) {
        closes.push({ code, reason });
      }
    }
    @WebSocketRoute('/small', { maxPayloadLength: 1000 })
    class SmallController extends Hooks {}
    @WebSocketRoute('/large', { maxPayloadLength: 2000 })
    class LargeController extends Hooks {}
    @WebSocketRoute('/deflated', { perMessageDeflate: true })
    class DeflatedController extends Hooks {}
    const isDeflated = path === '/deflated';
    await using server = await serve(isDeflated ? [DeflatedController] : [SmallController, LargeController]);
    const headers = isDeflated ? { 'Sec-WebSocket-Extensions': 'permessage-deflate' } : {};
    await using client = await RawClient.connect(server.url + path, headers);
    client.write(...frames);
    const wire = await client.closed();
    await until(() => closes.length === 1, '@OnClose');
    return [wire, closes[0] as Closed];
  }

  it.each<[string, Buffer[], number, string?]>([
    ['4001 and a reason', [close(4001, 'é reason')], 4001],
    ['1000 alone', [close(1000)], 1000],
    ['1012', [close(1012)], 1012],
    ['an empty close frame', [frame({ opcode: OPCODES.close })], 1005],
    ['too big a message, for Bun', [text('x'.repeat(2001))], 1009, '/large'],
    ['too big a message, for the route', [text('x'.repeat(1001))], 1009],
    ['too big a message in bytes', [text('é'.repeat(501))], 1009],
    [
      'too big a message in fragments',
      [text('x'.repeat(600), { isFinal: false }), frame({ opcode: 0, payload: 'x'.repeat(600) })],
      1009,
    ],
    ['too big a message by its header', [text('', { length: 100_000 })], 1009],
    ['invalid UTF-8', [text(badUtf8)], 1007],
    ['UTF-8 cut off', [text(Buffer.from('é').subarray(0, 1))], 1007],
    ['an invalid UTF-8 reason', [close(1000, badUtf8)], 1007],
    ['an unmasked frame', [text('x', { isMasked: false })], 1002],
    ['a reserved opcode', [frame({ opcode: 3 })], 1002],
    ['a reserved control opcode', [frame({ opcode: 11 })], 1002],
    ['RSV1 without compression', [text('x', { reserved: 4 })], 1002],
    ['RSV3', [text('x', { reserved: 1 })], 1002],
    ['a stray continuation', [frame({ opcode: OPCODES.continuation, payload: 'x' })], 1002],
    ['a message within a message', [text('x', { isFinal: false }), text('x')], 1002],
    ['a fragmented ping', [frame({ opcode: OPCODES.ping, isFinal: false })], 1002],
    ['too big a ping', [frame({ opcode: OPCODES.ping, payload: 'x'.repeat(126) })], 1002],
    ['half a close code', [frame({ opcode: OPCODES.close, payload: 'x' })], 1002],
    ['the close code 1005', [close(1005)], 1002],
    ['the close code 1006', [close(1006)], 1002],
    ['the close code 5000', [close(5000)], 1002],
    ['invalid compressed data', [text(new Uint8Array(5).fill(255), { reserved: 4 })], 1007, '/deflated'],
    ['compressed invalid UTF-8', [deflated(badUtf8)], 1007, '/deflated'],
    ['a compression bomb', [deflated(new Uint8Array(MIB))], 1009, '/deflated'],
  ])(
    'is told code and reason as they went over the wire: %s',
    async (_name, frames, code, path = '/small') => {
      const [wire, seen] = await endOf(frames, path);
      expect(seen).toEqual(wire);
      expect(seen.code).toBe(code);
    },
  );

  it('is told 1006 when the client hangs up without a close frame', async () => {
    await using bench = await Bench.open();
    await using client = await RawClient.connect(`${bench.server.url}/bench`);
    client.socket.destroy();
    expect(await bench.closed()).toEqual({ code: 1006, reason: '' });
  });

  it('a message of exactly the route’s limit is handled, on each route by its own', async () => {
    @WebSocketRoute('/small', { maxPayloadLength: 1000 })
    class SmallController {
      @OnMessage()
      handle(given: string) {
        return given.length;
      }

      @OnMessage()
      bytes(given: Uint8Array) {
        return given.length;
      }
    }
    @WebSocketRoute('/large', { maxPayloadLength: 2000 })
    class LargeController extends SmallController {}
    await using server = await serve([SmallController, LargeController]);
    for (const [path, limit] of [
      ['/small', 1000],
      ['/large', 2000],
    ] as const) {
      for (const make of [(size: number) => 'x'.repeat(size), (size: number) => new Uint8Array(size)]) {
        await using client = await server.connect(path);
        client.send(make(limit));
        expect(await client.next()).toBe(limit);
        client.send(make(limit + 1));
        expect((await client.closed()).code).toBe(1009);
        expect(client.untaken).toEqual([]);
      }
    }
  });
});
