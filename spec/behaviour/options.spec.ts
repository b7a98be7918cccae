import {
  Connection,
  Inject,
  Injectable,
  OnClose,
  OnMessage,
  OnOpen,
  Publisher,
  type RouteOptions,
  WebSocketRoute,
} from 'gatewire';
import { describe, expect, it } from 'vitest';
import { mistakesOf, serve } from '../support/application.ts';
import { until, withDeadline } from '../support/deadline.ts';
import { openRaw, rawUpgrade } from '../support/raw.ts';

function echoAt(path: string, options: RouteOptions) {
  @WebSocketRoute(path, options)
  class EchoController {
    static readonly closes: number[] = [];

    @OnOpen()
    open(connection: Connection) {
      connection.subscribe('news');
    }

    @OnMessage()
    echo(text: string) {
      return text;
    }

    @OnMessage()
    count(bytes: Uint8Array) {
      return String(bytes.length);
    }

    @OnClose()
    close(code: number) {
      EchoController.closes.push(code);
    }
  }
  return EchoController;
}

describe('maxPayloadLength', () => {
  it('is 64 KiB unless a route or the application says otherwise, each on its own connections', async () => {
    const small = echoAt('/small', { maxPayloadLength: 10 });
    await using server = await serve([
      small,
      echoAt('/default', {}),
      echoAt('/large', { maxPayloadLength: 200_000 }),
    ]);
    for (const [path, fits, exceeds] of [
      ['/small', 'x'.repeat(10), 'x'.repeat(11)],
      ['/small', 'é'.repeat(5), 'é'.repeat(6)],
      ['/default', 'x'.repeat(65_536), 'x'.repeat(65_537)],
      ['/large', 'x'.repeat(200_000), 'x'.repeat(200_001)],
    ] as const) {
      await using client = await server.connect(path);
      client.send(fits);
      expect(await client.next()).toBe(fits);
      client.send(exceeds);
      expect(await client.closed()).toMatchObject({ code: 1009 });
    }
    await using client = await server.connect('/small');
    client.send(new Uint8Array(10));
    expect(await client.nextFrame()).toBe('10');
    client.send(new Uint8Array(11));
    expect(await client.closed()).toMatchObject({ code: 1009 });
    await until(() => small.closes.length === 3, 'three closes');
    expect(small.closes).toEqual([1009, 1009, 1009]);
  });

  it('comes from the application where the route is silent', async () => {
    const options = { websocket: { maxPayloadLength: 5 } };
    await using server = await serve([echoAt('/', {}), echoAt('/own', { maxPayloadLength: 9 })], options);
    await using silent = await server.connect('/');
    silent.send('123456');
    expect(await silent.closed()).toMatchObject({ code: 1009 });
    await using own = await server.connect('/own');
    own.send('123456');
    expect(await own.nextFrame()).toBe('123456');
  });
});

describe('options from a factory', () => {
  it('are made from injected providers, and checked', async () => {
    @Injectable()
    class Config {
      readonly limit = 6;
    }
    @WebSocketRoute('/', {
      useFactory: async (config: Config, extra: number) => ({ maxPayloadLength: config.limit + extra }),
      inject: [Config, 'EXTRA'],
    })
    class FactoryController {
      constructor(@Inject('EXTRA') readonly extra: number) {}

      @OnMessage()
      echo(text: string) {
        return text;
      }
    }
    const parts = {
      controllers: [FactoryController],
      providers: [Config, { provide: 'EXTRA', useValue: 1 }],
    };
    await using server = await serve(parts);
    await using client = await server.connect('/');
    client.send('1234567');
    expect(await client.nextFrame()).toBe('1234567');
    client.send('12345678');
    expect(await client.closed()).toMatchObject({ code: 1009 });

    @WebSocketRoute('/', { useFactory: () => ({ idleTimeout: 961 }) })
    class WrongController {}
    expect(await mistakesOf([WrongController])).toBe(
      'WrongController: option "idleTimeout" has a value it cannot take (got 961). Give it a whole number of seconds from 0 to 960 [GATEWIRE_OPTION_RANGE]',
    );
  });
});

describe('idleTimeout and sendPings', () => {
  it('close a silent client with 4408, per route, also while the server keeps sending to it', async () => {
    const brief = echoAt('/brief', { idleTimeout: 1, sendPings: false });
    await using server = await serve([brief, echoAt('/long', { idleTimeout: 0, sendPings: false })]);
    await using silent = await server.connect('/brief');
    await using patient = await server.connect('/long');
    const timer = setInterval(() => server.app.get(Publisher).publish('news', 'x'), 100);
    expect(await silent.closed(5000)).toEqual({ code: 4408, reason: 'idle timeout' });
    clearInterval(timer);
    patient.send('still here');
    let frame = await patient.nextFrame();
    while (frame === 'x') frame = await patient.nextFrame();
    expect(frame).toBe('still here');
    expect(brief.closes).toEqual([4408]);
  });

  it('keep a silent client that answers pings, and close one that does not', async () => {
    await using server = await serve([echoAt('/', { idleTimeout: 2 })]);
    await using living = await server.connect('/');
    // Over bare TCP nobody answers a ping.
    const { socket } = await openRaw(`${server.url}/`);
    const ended = new Promise(resolve => socket.on('close', resolve));
    await withDeadline(ended, 6000, 'the dead client was not closed');
    expect(living.socket.readyState).toBe(WebSocket.OPEN);
  });
});

/** Sends numbered frames of a kilobyte to a client that does not read, by `send` or by a topic. */
function floodController(options: RouteOptions, count: number) {
  @WebSocketRoute('/flood', options)
  class FloodController {
    static connection: Connection | undefined;
    static readonly closes: number[] = [];

    constructor(private readonly publisher: Publisher) {}

    @OnOpen()
    open(connection: Connection) {
      FloodController.connection = connection;
      connection.subscribe('flood');
    }

    @OnMessage()
    flood(how: string, connection: Connection) {
      for (let at = 0; at < count; at++) {
        const frame = `${at} ${'x'.repeat(1000)}`;
        if (how === 'send') connection.send(frame);
        else this.publisher.publish('flood', frame);
      }
    }

    @OnClose()
    close(code: number) {
      FloodController.closes.push(code);
    }
  }
  return FloodController;
}

/** The masked text frame of a client (RFC 6455 §5.3), with a mask of zeros. */
function maskedText(text: string): Buffer {
  return Buffer.from([0x81, 0x80 | text.length, 0, 0, 0, 0, ...Buffer.from(text)]);
}

describe('a slow consumer', () => {
  const COUNT = 60_000;

  it.each(['send', 'publish'])("is closed with slowConsumer: 'close', by %s", async how => {
    const controller = floodController({ backpressureLimit: 100_000 }, COUNT);
    // Another route has the larger limit, which is all that Bun knows.
    await using server = await serve([controller, echoAt('/other', {})]);
    const { socket } = await openRaw(`${server.url}/flood`);
    socket.pause();
    socket.write(maskedText(how));
    await until(() => controller.closes.length === 1, 'the close', 10_000);
    expect(controller.closes).toEqual([4008]);
    socket.destroy();
  });

  it.each(['send', 'publish'])("loses counted frames with slowConsumer: 'drop', by %s", async how => {
    const controller = floodController({ slowConsumer: 'drop', backpressureLimit: 100_000 }, COUNT);
    await using server = await serve([controller]);
    const { socket } = await openRaw(`${server.url}/flood`);
    socket.pause();
    socket.write(maskedText(how));
    await until(() => (controller.connection?.dropped ?? 0) > 0, 'a drop', 10_000);
    let bytes = 0;
    socket.on('data', chunk => {
      bytes += chunk.length;
    });
    socket.resume();
    await until(() => controller.connection?.bufferedAmount === 0, 'the drain', 10_000);
    const dropped = controller.connection?.dropped ?? 0;
    const expected = sizeOfFrames(COUNT) - sizeOfDropped(COUNT, dropped);
    await until(() => bytes >= expected, 'every frame that was not dropped');
    expect(bytes).toBe(expected);
    expect(controller.closes).toEqual([]);
    socket.destroy();
  });

  /** The bytes of all frames: header of four, number, blank, a thousand. */
  function sizeOfFrames(count: number): number {
    let bytes = 0;
    for (let at = 0; at < count; at++) bytes += 4 + String(at).length + 1001;
    return bytes;
  }

  /** What is dropped is a tail: nothing is taken again before the client reads, which is after the last. */
  function sizeOfDropped(count: number, dropped: number): number {
    return sizeOfFrames(count) - sizeOfFrames(count - dropped);
  }
});

describe('perMessageDeflate', () => {
  const offer = { headers: { 'Sec-WebSocket-Extensions': 'permessage-deflate' } };

  it('is negotiated by the routes that ask for it, and by no other', async () => {
    await using server = await serve([
      echoAt('/deflated', { perMessageDeflate: true }),
      echoAt('/plain', {}),
    ]);
    const deflated = await rawUpgrade(`${server.url}/deflated`, offer);
    expect(deflated.headers['sec-websocket-extensions']).toContain('permessage-deflate');
    const plain = await rawUpgrade(`${server.url}/plain`, offer);
    expect(plain.headers).not.toHaveProperty('sec-websocket-extensions');
  });

  it('compresses what its routes send', async () => {
    await using server = await serve([echoAt('/', { perMessageDeflate: true, maxPayloadLength: 65_536 })]);
    const { socket } = await openRaw(`${server.url}/`, offer);
    const arrived = new Promise<Buffer>(resolve => socket.once('data', resolve));
    const text = 'x'.repeat(100);
    socket.write(maskedText(text));
    const frame = await withDeadline(arrived, 3000, 'no frame');
    // FIN, RSV1 (compressed) and text (RFC 7692 §6).
    expect(frame[0]).toBe(0xc1);
    expect(frame.length).toBeLessThan(50);
    socket.destroy();
  });

  it('that differs between two routes is a configuration error that names both', async () => {
    const other = { perMessageDeflate: { compress: 'dedicated' } } as const;
    @WebSocketRoute('/one', { perMessageDeflate: true })
    class OneController {}
    @WebSocketRoute('/two', other)
    class TwoController {}
    expect(await mistakesOf([OneController, TwoController])).toBe(
      'TwoController: its perMessageDeflate differs from that of OneController, and Bun knows one for all routes of a server that compress (got {"compress":"dedicated"} and true). Give both the same setting, or false to the one that need not compress [GATEWIRE_OPTION_CONFLICT]',
    );
  });
});

describe('closeOnBackpressureLimit', () => {
  it('is Bun’s name for slowConsumer', async () => {
    await using server = await serve([echoAt('/', { closeOnBackpressureLimit: false })]);
    expect(server.app.routes[0]?.options.slowConsumer).toBe('drop');
  });

  it('that contradicts slowConsumer is a configuration error', async () => {
    @WebSocketRoute('/', { closeOnBackpressureLimit: false, slowConsumer: 'close' })
    class BothController {}
    expect(await mistakesOf([BothController])).toBe(
      `BothController: closeOnBackpressureLimit: false says slowConsumer: 'drop' (got slowConsumer: 'close'). Keep one of the two [GATEWIRE_OPTION_CONFLICT]`,
    );
  });
});

describe('publishToSelf', () => {
  it('sends a connection its own publishes, on the routes that ask for it', async () => {
    const publishing = (path: string, options: RouteOptions) => {
      @WebSocketRoute(path, options)
      class PublishController {
        @OnOpen()
        open(connection: Connection) {
          connection.subscribe('topic');
        }

        @OnMessage()
        publish(text: string, connection: Connection) {
          connection.publish('topic', text);
          return 'done';
        }
      }
      return PublishController;
    };
    await using server = await serve([
      publishing('/self', { publishToSelf: true }),
      publishing('/others', {}),
    ]);
    await using self = await server.connect('/self');
    await using other = await server.connect('/others');
    self.send('mine');
    expect(await self.take(2)).toEqual(['mine', 'done']);
    expect(await other.next()).toBe('mine');
    other.send('yours');
    expect(await other.next()).toBe('done');
    expect(await self.next()).toBe('yours');
  });
});
