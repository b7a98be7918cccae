import { Connection, Injectable, OnMessage, OnOpen, ParseMessage, Publisher, WebSocketRoute } from 'gatewire';
import { describe, expect, it } from 'vitest';
import { serve } from '../../support/application.ts';
import { until } from '../../support/deadline.ts';
import { ping } from '../../support/ping.ts';

describe('pain 3: messages are handled before an asynchronous handleConnection() ends', () => {
  it('waits with them until @OnOpen has ended', async () => {
    const opened = Promise.withResolvers<string>();

    @WebSocketRoute('/account')
    class AccountController {
      private name = 'nobody';

      @OnOpen()
      async open() {
        this.name = await opened.promise;
      }

      @OnMessage('whoami')
      whoami() {
        return this.name;
      }
    }

    await using running = await serve([AccountController]);
    await using client = await running.connect('/account');
    client.send({ event: 'whoami', id: 1 });
    await ping(client);
    opened.resolve('Ada');
    expect(await client.next()).toEqual({ id: 1, data: 'Ada' });
  });
});

describe('pain 13: binary', () => {
  it('reaches a handler as bytes, and goes out as bytes', async () => {
    @WebSocketRoute('/bytes')
    class BytesController {
      @OnMessage()
      reverse(bytes: Uint8Array) {
        return bytes.toReversed();
      }
    }

    await using running = await serve([BytesController]);
    await using client = await running.connect('/bytes');
    client.send(new Uint8Array([1, 2, 3]));
    expect(await client.next()).toEqual(new Uint8Array([3, 2, 1]));
  });
});

describe('pain 14: one format for all, and silence for what does not fit', () => {
  @WebSocketRoute('/lines')
  class LinesController {
    /** `say hello` */
    @ParseMessage()
    parse(frame: string | Uint8Array) {
      const [event, ...words] = String(frame).split(' ');
      return { event, data: words.join(' ') };
    }

    @OnMessage('say')
    say(text: string) {
      return text.toUpperCase();
    }
  }

  @WebSocketRoute('/json')
  class JsonController {
    @OnMessage('say')
    say() {}
  }

  it('lets each route decode in its own way', async () => {
    await using running = await serve([LinesController, JsonController]);
    await using client = await running.connect('/lines');
    client.send('say hello there');
    expect(await client.next()).toEqual({ event: 'say', data: 'HELLO THERE' });
  });

  it.each([
    ['bad JSON', 'say hello', 'bad_frame'],
    ['JSON without an event', '{"data":1}', 'bad_frame'],
    ['an unknown event', '{"event":"sing"}', 'unknown_event'],
    ['binary', new Uint8Array([1]), 'bad_frame'],
  ])('answers %s', async (_what, frame, code) => {
    await using running = await serve([JsonController]);
    await using client = await running.connect('/json');
    client.send(frame);
    expect(await client.next()).toMatchObject({ event: 'exception', data: { code } });
  });
});

describe('pain 15: messages of one socket out of order, and no backpressure', () => {
  it('handles them one after another: a slow one, then a fast one', async () => {
    const slow = Promise.withResolvers<string>();
    const handled: string[] = [];

    @WebSocketRoute('/work')
    class WorkController {
      @OnMessage('slow')
      async slow() {
        handled.push(await slow.promise);
        return 'slow';
      }

      @OnMessage('fast')
      fast() {
        handled.push('fast');
        return 'fast';
      }
    }

    await using running = await serve([WorkController]);
    await using client = await running.connect('/work');
    client.send({ event: 'slow', id: 1 });
    client.send({ event: 'fast', id: 2 });
    await ping(client);
    expect(handled).toEqual([]);
    slow.resolve('slow');
    expect(await client.take(2)).toEqual([
      { id: 1, data: 'slow' },
      { id: 2, data: 'fast' },
    ]);
    expect(handled).toEqual(['slow', 'fast']);
  });

  it('keeps a bounded queue: a flood is slowed, and nothing of it is lost', async () => {
    const gate = Promise.withResolvers<void>();
    const seen: number[] = [];

    @WebSocketRoute('/flood', { maxPending: 4, rateLimit: false })
    class FloodController {
      @OnMessage('n')
      async n(value: number) {
        await gate.promise;
        seen.push(value);
      }
    }

    await using running = await serve([FloodController]);
    await using client = await running.connect('/flood');
    for (let at = 0; at < 500; at++) client.send({ event: 'n', data: at });
    gate.resolve();
    await until(() => seen.length === 500, 'every message is handled');
    expect(seen).toEqual(Array.from({ length: 500 }, (_, at) => at));
  });
});

describe('pain 22: emitting from a service: the server is null, the gateway is a circle', () => {
  it('publishes from any provider by what is injected', async () => {
    @Injectable()
    class PricesService {
      constructor(private readonly publisher: Publisher) {}

      change(price: number) {
        this.publisher.to('prices').emit('price', { price });
      }
    }

    @WebSocketRoute('/prices')
    class PricesController {
      constructor(private readonly prices: PricesService) {}

      @OnOpen()
      open(connection: Connection) {
        connection.subscribe('prices');
        return 'ready';
      }

      @OnMessage('set')
      set(price: number) {
        this.prices.change(price);
      }
    }

    await using running = await serve({ controllers: [PricesController], providers: [PricesService] });
    await using one = await running.connect('/prices');
    await using other = await running.connect('/prices');
    await Promise.all([one.next(), other.next()]);
    running.app.get(PricesService).change(5);
    expect(await one.next()).toEqual({ event: 'price', data: { price: 5 } });
    one.send({ event: 'set', data: 6 });
    expect(await other.take(2)).toEqual([
      { event: 'price', data: { price: 5 } },
      { event: 'price', data: { price: 6 } },
    ]);
  });
});
