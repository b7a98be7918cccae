import { IsString } from 'class-validator';
import {
  type ApplicationOptions,
  BeforeHandle,
  Connection,
  type Counter,
  type Gauge,
  type Histogram,
  Injectable,
  type Labelled,
  type Labels,
  MessageBody,
  type MetricOptions,
  Metrics,
  OnClose,
  OnMessage,
  OnOpen,
  Publisher,
  Signal,
  UnauthorizedException,
  WebSocketRoute,
  WsException,
} from 'gatewire';
import { describe, expect, it } from 'vitest';
import { mistakesOf, type Running, serve } from '../support/application.ts';
import { until } from '../support/deadline.ts';
import { Exposition, scrape, scrapeUntil } from '../support/exposition.ts';
import { connectUnreading, frame, OPCODES, readFrames } from '../support/frames.ts';
import { rawUpgrade } from '../support/raw.ts';

class SayDto {
  @IsString()
  text!: string;
}

/** What its asynchronous handlers wait for. */
class Gate {
  readonly #gates: (() => void)[] = [];

  wait(): Promise<void> {
    return new Promise(resolve => this.#gates.push(resolve));
  }

  get waiting(): number {
    return this.#gates.length;
  }

  open(): void {
    for (const resolve of this.#gates.splice(0)) resolve();
  }
}

let gate = new Gate();

@WebSocketRoute('/chat/:room')
class ChatController {
  readonly #publisher: Publisher;

  constructor(publisher: Publisher) {
    this.#publisher = publisher;
  }

  @OnOpen()
  open(connection: Connection) {
    connection.subscribe('room');
  }

  @OnMessage('say')
  say({ text }: SayDto) {
    return text;
  }

  @OnMessage('wait')
  async wait() {
    await gate.wait();
    return 'waited';
  }

  @OnMessage('throw')
  throw(@MessageBody() code: string) {
    throw code === '' ? new Error('secret') : new WsException({ code, message: 'no' });
  }

  @OnMessage('publish')
  publish() {
    this.#publisher.publish('room', 'to all');
  }

  @OnMessage('publishToOthers')
  publishToOthers(connection: Connection) {
    connection.publish('room', 'to the others');
  }

  @OnMessage('slow')
  async slow(@Signal() signal: AbortSignal) {
    await new Promise(resolve => signal.addEventListener('abort', resolve));
    await gate.wait();
  }
}

@WebSocketRoute('/plain')
class PlainController {
  @OnMessage()
  text(text: string) {
    return text;
  }

  @OnMessage()
  bytes(bytes: Uint8Array) {
    return bytes;
  }
}

@WebSocketRoute('/closed')
class ClosedController {
  @BeforeHandle()
  refuse() {
    throw new UnauthorizedException();
  }
}

const ROOM = { route: '/chat/:room' };

/** Starts those controllers with metrics on. */
function start(options: ApplicationOptions = {}): Promise<Running> {
  gate = new Gate();
  const controllers = [ChatController, PlainController, ClosedController];
  return serve(controllers, { metrics: true, ...options });
}

describe('the metrics of a server', () => {
  it('are exact for a known traffic, and tell nothing that a client chose', async () => {
    await using server = await start();
    const clients = await Promise.all(
      ['/chat/a', '/chat/b', '/chat/secret-room'].map(path => server.connect(path)),
    );
    const [first, second, third] = clients as [(typeof clients)[0], (typeof clients)[0], (typeof clients)[0]];
    let bytes = 0;
    const send = (message: object) => {
      const text = JSON.stringify(message);
      bytes += Buffer.byteLength(text);
      first.send(text);
    };
    for (let id = 1; id <= 5; id++) send({ event: 'say', data: { text: 'grüß dich' }, id });
    await first.take(5);
    send({ event: 'say', data: { text: 7 } });
    send({ event: 'secret-event', data: 1 });
    send({ event: 'throw', data: '' });
    send({ event: 'throw', data: 'rate_limited' });
    send({ event: 'throw', data: 'secret-code' });
    await first.take(5);
    const metrics = await scrape(server.url);
    expect(metrics.value('gatewire_connections', ROOM)).toBe(3);
    expect(metrics.value('gatewire_upgrades_accepted_total', ROOM)).toBe(3);
    expect(metrics.value('gatewire_messages_received_total', ROOM)).toBe(10);
    expect(metrics.value('gatewire_received_bytes_total', ROOM)).toBe(bytes);
    expect(metrics.value('gatewire_messages_sent_total', ROOM)).toBe(10);
    expect(metrics.value('gatewire_handler_duration_seconds_count', { ...ROOM, event: 'say' })).toBe(5);
    expect(metrics.value('gatewire_handler_duration_seconds_count', { ...ROOM, event: 'throw' })).toBe(3);
    const errors = metrics.samples('gatewire_errors_total').map(({ labels, value }) => [labels.code, value]);
    expect(errors.sort()).toEqual([
      ['internal', 1],
      ['other', 1],
      ['rate_limited', 1],
      ['unknown_event', 1],
      ['validation_failed', 1],
    ]);
    expect(JSON.stringify([...metrics.families.values()])).not.toContain('secret');
    await Promise.all([first.close(4999), second.close(1000), third.close()]);
    await until(() => server.app.server.pendingWebSockets === 0, 'the end of the sockets');
    const after = await scrape(server.url);
    for (const name of ['gatewire_connections', 'gatewire_messages_waiting', 'gatewire_send_buffer_bytes']) {
      expect(after.samples(name).map(({ value }) => value)).toEqual([0, 0, 0]);
    }
    const closes = after.samples('gatewire_closes_total').map(({ labels, value }) => [labels.code, value]);
    expect(closes.sort()).toEqual([
      ['1000', 1],
      ['1005', 1],
      ['other', 1],
    ]);
  });

  it('count bytes and both kinds of messages of a plain route', async () => {
    await using server = await start();
    await using client = await server.connect('/plain');
    client.send('grün');
    client.send(new Uint8Array(7));
    await client.take(2);
    const metrics = await scrape(server.url);
    const route = '/plain';
    expect(metrics.value('gatewire_received_bytes_total', { route })).toBe(12);
    expect(metrics.value('gatewire_sent_bytes_total', { route })).toBe(12);
    expect(metrics.value('gatewire_handler_duration_seconds_count', { route, event: 'text' })).toBe(1);
    expect(metrics.value('gatewire_handler_duration_seconds_count', { route, event: 'binary' })).toBe(1);
  });

  it('count refused upgrades by the code of the refusal', async () => {
    await using server = await start({ limits: { maxConnectionsPerIp: 1 } });
    await rawUpgrade(`${server.url}/closed`);
    await rawUpgrade(`${server.url}/closed`);
    await rawUpgrade(`${server.url}/plain`, { headers: { Origin: 'https://evil.example' } });
    await rawUpgrade(`${server.url}/plain`, { headers: { 'Sec-WebSocket-Key': 'short' } });
    await using _client = await server.connect('/plain');
    await rawUpgrade(`${server.url}/plain`);
    await rawUpgrade(`${server.url}/nowhere`);
    await fetch(`${server.url}/nowhere`);
    const refused = (await scrape(server.url)).samples('gatewire_upgrades_refused_total');
    expect(refused.map(({ labels, value }) => [labels.route, labels.reason, value])).toEqual([
      ['', 'not_found', 1],
      ['/closed', 'unauthenticated', 2],
      ['/plain', 'origin_denied', 1],
      ['/plain', 'bad_request', 1],
      ['/plain', 'rate_limited', 1],
    ]);
  });

  it('tell the messages that wait, and time an asynchronous handler to its end', async () => {
    await using server = await start();
    await using client = await server.connect('/chat/a');
    for (let id = 1; id <= 3; id++) client.send({ event: 'wait', id });
    await until(() => gate.waiting === 1, 'the first handler');
    const label = { ...ROOM, event: 'wait' };
    const parked = await scrapeUntil(server.url, ['gatewire_messages_waiting', ROOM], value => value === 2);
    expect(parked.value('gatewire_handler_duration_seconds_count', label)).toBe(0);
    for (let id = 1; id <= 3; id++) {
      await until(() => gate.waiting === 1, 'the next handler');
      gate.open();
      await client.next();
    }
    const metrics = await scrape(server.url);
    expect(metrics.value('gatewire_messages_waiting', ROOM)).toBe(0);
    expect(metrics.value('gatewire_handler_duration_seconds_count', label)).toBe(3);
  });

  it('calls what a handler returns no more than once, and only when it is waited for', async () => {
    let calls = 0;
    @WebSocketRoute('/lazy')
    class LazyController {
      @OnMessage()
      query(_text: string): PromiseLike<string> {
        // As query builders do.
        return {
          // biome-ignore lint/suspicious/noThenProperty: it is what this is about
          then: (resolve: (value: string) => unknown) => Promise.resolve(resolve(`call ${++calls}`)),
        } as never;
      }
    }
    await using server = await serve([LazyController], { metrics: true });
    await using client = await server.connect('/lazy');
    client.send('go');
    expect(await client.next()).toBe('call 1');
    expect(calls).toBe(1);
  });

  it('count what is published, and for how many', async () => {
    await using server = await start();
    const clients = await Promise.all(['/chat/a', '/chat/b', '/chat/c'].map(path => server.connect(path)));
    clients[0]?.send({ event: 'publish' });
    await Promise.all(clients.map(client => client.next()));
    clients[0]?.send({ event: 'publishToOthers' });
    await Promise.all(clients.slice(1).map(client => client.next()));
    const metrics = await scrape(server.url);
    expect(metrics.value('gatewire_topic_publishes_total')).toBe(2);
    expect(metrics.value('gatewire_topic_messages_total')).toBe(5);
    expect(metrics.value('gatewire_messages_sent_total', ROOM)).toBe(0);
    await Promise.all(clients.map(client => client.close()));
  });

  it('count messages above the limit, told of or not', async () => {
    await using server = await start({ websocket: { rateLimit: { rate: 1, burst: 2 } } });
    await using client = await server.connect('/plain');
    for (let at = 0; at < 10; at++) client.send('x');
    await client.take(3);
    const sample = ['gatewire_messages_received_total', { route: '/plain' }] as const;
    const metrics = await scrapeUntil(server.url, sample, value => value === 10);
    const limited = metrics.value('gatewire_messages_rate_limited_total', { route: '/plain' }) ?? 0;
    const handled = metrics.value('gatewire_handler_duration_seconds_count', {
      route: '/plain',
      event: 'text',
    });
    expect(limited).toBeGreaterThanOrEqual(7);
    expect(limited + (handled ?? 0)).toBe(10);
  });

  it('count hooks that end after their time', async () => {
    await using server = await start({ websocket: { handlerTimeout: 1 } });
    await using client = await server.connect('/chat/a');
    client.send({ event: 'slow', id: 1 });
    expect(await client.next(5000)).toEqual({
      id: 1,
      error: { code: 'timeout', message: 'The server took too long' },
    });
    expect((await scrape(server.url)).value('gatewire_late_results_total', ROOM)).toBe(0);
    await until(() => gate.waiting === 1, 'the abort');
    gate.open();
    const metrics = await scrapeUntil(
      server.url,
      ['gatewire_late_results_total', ROOM],
      value => value === 1,
    );
    expect(metrics.value('gatewire_errors_total', { ...ROOM, code: 'timeout' })).toBe(1);
  });
});

describe('the metrics of a slow consumer', () => {
  const FRAME = 'x'.repeat(16 * 1024);
  const SLOW = { route: '/slow' };

  /** A client that reads nothing, on a route that sends it as much as it will take. */
  async function flood(slowConsumer: 'close' | 'drop', isPublished: boolean) {
    const closes: number[] = [];
    const found: Connection[] = [];
    @WebSocketRoute('/slow', { backpressureLimit: 64 * 1024, slowConsumer })
    class SlowController {
      readonly #publisher: Publisher;

      constructor(publisher: Publisher) {
        this.#publisher = publisher;
      }

      @OnOpen()
      open(connection: Connection) {
        connection.subscribe('flood');
        found.push(connection);
      }

      @OnMessage()
      fill(_text: string, connection: Connection) {
        for (let at = 0; at < 4096 && connection.readyState === 1; at++) {
          if (isPublished) this.#publisher.publish('flood', FRAME);
          else connection.send(FRAME);
        }
      }

      @OnClose()
      close(code: number) {
        closes.push(code);
      }
    }
    const server = await serve([SlowController], { metrics: true });
    return { server, closes, connection: () => found[0] as Connection };
  }

  it.each([
    ['sent to', false, 4008],
    ['published to', true, 1006],
  ])('are one slow close when it was %s', async (_name, isPublished, code) => {
    const { server, closes } = await flood('close', isPublished);
    await using _server = server;
    const socket = await connectUnreading(`${server.url}/slow`);
    socket.write(frame({ opcode: OPCODES.text, payload: 'go' }));
    await until(() => closes.length === 1, 'the close', 10_000);
    expect(closes).toEqual([code]);
    const metrics = await scrape(server.url);
    expect(metrics.value('gatewire_slow_consumer_closes_total', SLOW)).toBe(1);
    expect(metrics.value('gatewire_closes_total', { ...SLOW, code: String(code) })).toBe(1);
    expect(metrics.value('gatewire_connections', SLOW)).toBe(0);
    socket.destroy();
  });

  it.each([
    ['sent', false],
    ['published', true],
  ])(
    "are exactly what it did not get of what was %s, with slowConsumer: 'drop'",
    async (_name, isPublished) => {
      const { server, connection } = await flood('drop', isPublished);
      await using _server = server;
      const socket = await connectUnreading(`${server.url}/slow`);
      socket.write(frame({ opcode: OPCODES.text, payload: 'go' }));
      await until(() => (connection()?.dropped ?? 0) > 0, 'a dropped frame', 10_000);
      const metrics = await scrape(server.url);
      const dropped =
        metrics.value('gatewire_messages_dropped_total', { ...SLOW, reason: 'slow_consumer' }) ?? 0;
      const sent = metrics.value('gatewire_messages_sent_total', SLOW) ?? 0;
      expect(dropped).toBe(connection().dropped);
      expect(sent + dropped).toBe(4096);
      expect(metrics.value('gatewire_dropped_bytes_total', { ...SLOW, reason: 'slow_consumer' })).toBe(
        dropped * FRAME.length,
      );
      expect(metrics.value('gatewire_sent_bytes_total', SLOW)).toBe(sent * FRAME.length);
      const queued = metrics.value('gatewire_messages_queued_total', SLOW) ?? 0;
      expect(queued).toBeGreaterThan(0);
      expect(metrics.value('gatewire_queued_bytes_total', SLOW)).toBe(queued * FRAME.length);
      expect(metrics.value('gatewire_send_buffer_bytes', SLOW)).toBe(connection().bufferedAmount);
      const chunks: Buffer[] = [];
      socket.on('data', (chunk: Buffer) => chunks.push(chunk));
      socket.resume();
      connection().send('the last');
      const text = () => Buffer.concat(chunks).toString('latin1');
      await until(() => text().endsWith('the last'), 'the last frame', 10_000);
      const frames = readFrames(Buffer.concat(chunks).subarray(text().indexOf('\r\n\r\n') + 4));
      expect(frames.length - 1).toBe(4096 - dropped);
      socket.destroy();
      expect(metrics.value('gatewire_slow_consumer_closes_total', SLOW)).toBe(0);
    },
  );
});

describe('Metrics', () => {
  @Injectable()
  class Orders {
    readonly #placed: Counter;

    constructor(metrics: Metrics) {
      this.#placed = metrics.counter({ name: 'shop_orders_total', help: 'Orders that were placed' });
    }

    place() {
      this.#placed.inc();
    }
  }

  @WebSocketRoute('/orders')
  class OrdersController {
    readonly #orders: Orders;

    constructor(orders: Orders) {
      this.#orders = orders;
    }

    @OnMessage()
    place(text: string) {
      this.#orders.place();
      return text;
    }
  }

  const parts = { controllers: [OrdersController], providers: [Orders] };

  it('is injected, for counters of the application beside those of the server', async () => {
    await using server = await serve(parts, { metrics: true });
    await using client = await server.connect('/orders');
    client.send('one');
    await client.next();
    expect((await scrape(server.url)).value('shop_orders_total')).toBe(1);
    expect(server.app.metrics).toBe(server.app.get(Metrics));
    expect(new Exposition((await server.app.metrics.text?.()) ?? '').value('shop_orders_total')).toBe(1);
  });

  it('is there with metrics off as well, where it counts nothing and answers nobody', async () => {
    await using server = await serve(parts);
    await using client = await server.connect('/orders');
    client.send('one');
    expect(await client.next()).toBe('one');
    expect(server.app.metrics.text).toBeUndefined();
    expect((await fetch(`${server.url}/metrics`)).status).toBe(404);
  });

  it('are of one application alone', async () => {
    await using server = await serve(parts, { metrics: true });
    await using other = await serve(parts, { metrics: true });
    await using client = await server.connect('/orders');
    client.send('one');
    await client.next();
    expect((await scrape(other.url)).value('shop_orders_total')).toBe(0);
  });
});

describe('a metrics backend', () => {
  type Metric = Counter & Gauge & Histogram & Labelled<Counter & Gauge & Histogram>;

  /** As prom-client does it, but that it keeps what it was told. */
  class Kept implements Metrics {
    readonly calls: string[] = [];
    readonly #fails: boolean;

    constructor(fails = false) {
      this.#fails = fails;
    }

    counter({ name }: MetricOptions) {
      return this.#metric(name);
    }

    gauge({ name }: MetricOptions) {
      return this.#metric(name);
    }

    histogram({ name }: MetricOptions) {
      return this.#metric(name);
    }

    #metric(name: string, labels: Labels = {}): Metric {
      const keep = () => {
        if (this.#fails) throw new Error('the backend is broken');
        this.calls.push([name, ...Object.values(labels)].join(' '));
      };
      return {
        ...{ inc: keep, dec: keep, set: keep, observe: keep },
        labels: (values: Labels) => this.#metric(name, values),
      } as Metric;
    }
  }

  it('is told what Gatewire measures, and has no endpoint without a text', async () => {
    const backend = new Kept();
    await using server = await serve([PlainController], { metrics: { backend } });
    await using client = await server.connect('/plain');
    client.send('one');
    await client.next();
    expect(backend.calls).toEqual([
      'gatewire_upgrades_accepted_total /plain',
      'gatewire_messages_received_total /plain',
      'gatewire_received_bytes_total /plain',
      'gatewire_handler_duration_seconds /plain text',
      'gatewire_messages_sent_total /plain',
      'gatewire_sent_bytes_total /plain',
    ]);
    expect(server.app.metrics).toBe(backend);
    expect((await fetch(`${server.url}/metrics`)).status).toBe(404);
  });

  it('costs its numbers when it throws, and nothing else', async () => {
    await using server = await serve([PlainController], { metrics: { backend: new Kept(true) } });
    await using client = await server.connect('/plain');
    for (const text of ['one', 'two']) client.send(text);
    expect(await client.take(2)).toEqual(['one', 'two']);
    await client.close();
    await until(() => server.app.server.pendingWebSockets === 0, 'the end of the socket');
    expect(server.log.map(({ level, message }) => [level, message])).toEqual([
      ['error', 'the metrics backend failed; this is said once'],
    ]);
  });
});

describe('the endpoint of metrics', () => {
  it.each([
    ['that a proxy forwarded', { 'X-Forwarded-For': '10.0.0.1' }],
    ['that a proxy forwarded by the standard', { Forwarded: 'for=10.0.0.1' }],
  ])('is not there for a request %s', async (_name, headers) => {
    await using server = await start();
    const response = await fetch(`${server.url}/metrics`, { headers: headers as Record<string, string> });
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ code: 'not_found' });
  });

  it('is there for whom the application allows it, by a promise too', async () => {
    const asked: unknown[] = [];
    const allow = async (request: Request, address: string | undefined) => {
      asked.push(address);
      return request.headers.get('authorization') === 'Bearer scraper';
    };
    await using server = await start({ metrics: { path: '/internal/numbers', allow } });
    const url = `${server.url}/internal/numbers`;
    expect((await fetch(url)).status).toBe(404);
    expect((await fetch(url, { headers: { Authorization: 'Bearer scraper' } })).status).toBe(200);
    expect((await fetch(`${server.url}/metrics`)).status).toBe(404);
    expect(asked).toEqual(['127.0.0.1', '127.0.0.1']);
  });

  it('answers GET and HEAD only, and is not cached', async () => {
    await using server = await start();
    const head = await fetch(`${server.url}/metrics`, { method: 'HEAD' });
    expect([head.status, head.headers.get('cache-control'), await head.text()]).toEqual([
      200,
      'no-store',
      '',
    ]);
    expect((await fetch(`${server.url}/metrics`, { method: 'POST' })).status).toBe(404);
  });

  it('stands beside the routes of the application and the sockets of any path', async () => {
    @WebSocketRoute('/:room')
    class RoomController {
      @OnMessage()
      echo(text: string) {
        return text;
      }
    }
    await using server = await serve([RoomController], {
      metrics: true,
      routes: { '/page': () => new Response('page') },
      fetch: () => new Response('fetched'),
    });
    await using client = await server.connect('/metrics');
    client.send('socket');
    expect(await client.next()).toBe('socket');
    await scrape(server.url);
    expect(await (await fetch(`${server.url}/page`)).text()).toBe('page');
    expect(await (await fetch(`${server.url}/other`)).text()).toBe('fetched');
  });

  it('is not served with path: false, but measured', async () => {
    await using server = await start({ metrics: { path: false } });
    expect((await fetch(`${server.url}/metrics`)).status).toBe(404);
    expect(await server.app.metrics.text?.()).toContain('gatewire_connections');
  });
});

describe('the options of metrics and health', () => {
  it('are refused where they cannot be', async () => {
    const mistakes = await mistakesOf([PlainController], {
      metrics: { path: 'metrics', allow: true, backend: {}, pfad: '/x' },
      health: { livePath: '/live/:id', ready: true, timeout: 0 },
    } as never);
    expect(mistakes).toContain(
      `createApplication() option "metrics": option "path" has a value it cannot take (got "metrics"). Give it false, or a path without parameters such as '/status' [GATEWIRE_OPTION_RANGE]`,
    );
    for (const name of ['allow', 'backend', 'livePath', 'ready', 'timeout']) {
      expect(mistakes).toContain(`option "${name}" has a value it cannot take`);
    }
    expect(mistakes).toContain('there is no option "pfad"');
    expect(await mistakesOf([PlainController], { metrics: 'yes' } as never)).toContain(
      'the options are no object',
    );
  });

  it('are refused where a path would be answered twice', async () => {
    const page = () => new Response('mine');
    const options = { metrics: true, health: { readyPath: '/metrics' } } as const;
    const taken =
      'createApplication() option "health.livePath": its path "/healthz" is one of the option "routes" too';
    const twice =
      'createApplication() option "health.readyPath": its path "/metrics" is one of the option "metrics.path" too';
    const mistakes = await mistakesOf([PlainController], { ...options, routes: { '/healthz': page } });
    expect(mistakes).toContain(taken);
    expect(mistakes).toContain(twice);
    // What a function makes is known when the application listens.
    expect(
      await mistakesOf([PlainController], { health: true, routes: () => ({ '/healthz': page }) }),
    ).toContain(taken);
  });
});
