import {
  Connection,
  createApplication,
  Injectable,
  MessageBody,
  Module,
  OnClose,
  OnMessage,
  type OnModuleDestroy,
  type OnModuleInit,
  OnOpen,
  Publisher,
  WebSocketRoute,
} from 'gatewire';
import { describe, expect, it } from 'vitest';
import { memoryLogger, serve } from '../support/application.ts';
import { until } from '../support/deadline.ts';

@Injectable()
class News {
  constructor(readonly publisher: Publisher) {}

  tell(): void {
    this.publisher.publish('news', 'text');
    this.publisher.publish('news', '');
    this.publisher.publish('news', new Uint8Array([1, 2]));
    this.publisher.publish('news', { json: [1, null] });
    this.publisher.publish('news', 7);
    this.publisher.to('news').emit('headline', { title: 'Rain' });
    this.publisher.to('news').emit('empty');
    this.publisher.to('news').publish('bare');
    this.publisher.publish('sports', 'lost');
  }
}

const EVERYTHING = [
  'text',
  '',
  new Uint8Array([1, 2]),
  { json: [1, null] },
  7,
  { event: 'headline', data: { title: 'Rain' } },
  { event: 'empty', data: null },
  'bare',
];

@WebSocketRoute('/news')
class NewsController {
  constructor(
    readonly news: News,
    readonly publisher: Publisher,
  ) {}

  @OnOpen()
  open(connection: Connection) {
    connection.subscribe('news');
  }

  @OnMessage('tell')
  tell() {
    this.news.tell();
  }

  @OnMessage('tellOthers')
  tellOthers(@MessageBody() text: string, connection: Connection) {
    this.publisher.to('news').except(connection).emit('told', text);
    this.publisher.to('news').except(connection).publish(text);
    return 'said';
  }

  @OnMessage('mix')
  mix(connection: Connection) {
    for (let at = 0; at < 30; at += 3) {
      connection.send(at);
      this.publisher.publish('news', at + 1);
      connection.emit('next', at + 2);
    }
  }

  @OnClose()
  close() {
    this.publisher.to('news').emit('left');
  }
}

@WebSocketRoute('/plain')
class PlainController {
  @OnOpen()
  open(connection: Connection) {
    connection.subscribe('news');
  }

  @OnMessage()
  handle(text: string) {
    return text;
  }
}

const PARTS = { controllers: [NewsController, PlainController], providers: [News] };

describe('a publisher', () => {
  it('reaches every subscriber of the application, whatever its route, the asking one too', async () => {
    await using server = await serve(PARTS);
    await using asking = await server.connect('/news');
    await using other = await server.connect('/news');
    await using plain = await server.connect('/plain');
    asking.send({ event: 'tell' });
    for (const client of [asking, other, plain]) {
      expect(await client.take(EVERYTHING.length)).toEqual(EVERYTHING);
    }
    plain.send('last');
    expect(await plain.next()).toBe('last');
  });

  it('is the same one everywhere', async () => {
    await using server = await serve(PARTS);
    expect(server.app.get(Publisher)).toBe(server.app.get(News).publisher);
    await using client = await server.connect('/news');
    server.app.get(Publisher).publish('news', 'from outside');
    expect(await client.next()).toBe('from outside');
  });

  it('leaves out the excepted connection only', async () => {
    await using server = await serve(PARTS);
    await using asking = await server.connect('/news');
    await using other = await server.connect('/news');
    expect(await asking.request('tellOthers', 'hush', 1)).toEqual({ id: 1, data: 'said' });
    expect(await other.take(2)).toEqual([{ event: 'told', data: 'hush' }, 'hush']);
    expect(asking.untaken).toEqual([]);
  });

  it('reaches everybody else also where the excepted connection is closed', async () => {
    const kept: Connection[] = [];
    @WebSocketRoute('/kept')
    class KeptController {
      @OnMessage('nothing')
      nothing() {}

      @OnOpen()
      open(connection: Connection) {
        connection.subscribe('news');
        kept.push(connection);
      }
    }
    await using server = await serve([KeptController]);
    const closed = await server.connect('/kept');
    await using other = await server.connect('/kept');
    await closed.close();
    await until(() => server.app.server.pendingWebSockets === 1, 'the close');
    server.app
      .get(Publisher)
      .to('news')
      .except(kept[0] as Connection)
      .emit('still');
    expect(await other.next()).toEqual({ event: 'still', data: null });
  });

  it('keeps the order of what is sent and published to one connection', async () => {
    await using server = await serve(PARTS);
    await using client = await server.connect('/news');
    client.send({ event: 'mix' });
    const frames = await client.take(30);
    expect(
      frames.map(value => (typeof value === 'number' ? value : (value as { data: number }).data)),
    ).toEqual([...Array(30).keys()]);
  });

  it('reaches the others from an @OnClose', async () => {
    await using server = await serve(PARTS);
    await using client = await server.connect('/news');
    const leaving = await server.connect('/news');
    await leaving.close();
    expect(await client.next()).toEqual({ event: 'left', data: null });
  });

  it('publishes from a timer of a provider, from before the first connection on', async () => {
    @Injectable()
    class Clock implements OnModuleInit, OnModuleDestroy {
      #timer: ReturnType<typeof setInterval> | undefined;
      #ticks = 0;

      constructor(readonly publisher: Publisher) {}

      onModuleInit() {
        this.publisher.publish('ticks', 'before anybody listens');
        this.#timer = setInterval(() => this.publisher.to('ticks').emit('tick', ++this.#ticks), 1);
      }

      onModuleDestroy() {
        clearInterval(this.#timer);
      }
    }
    @WebSocketRoute('/ticks')
    class TicksController {
      @OnMessage('nothing')
      nothing() {}

      @OnOpen()
      open(connection: Connection) {
        connection.subscribe('ticks');
      }
    }
    await using server = await serve({ controllers: [TicksController], providers: [Clock] });
    await using client = await server.connect('/ticks');
    const [first, second] = (await client.take(2)) as { data: number }[];
    expect(second?.data).toBe(Number(first?.data) + 1);
    expect(server.log).toEqual([]);
  });

  it('does nothing before the application listens and after it closed', async () => {
    @Module(PARTS)
    class NewsModule {}
    await using app = await createApplication(NewsModule, { logger: memoryLogger().logger });
    app.get(News).tell();
    await app.listen({ port: 0, hostname: '127.0.0.1' });
    await app.close();
    app.get(News).tell();
  });

  it('does not reach another application’s topic of the same name', async () => {
    await using one = await serve(PARTS);
    await using other = await serve(PARTS);
    await using here = await one.connect('/news');
    await using there = await other.connect('/plain');
    one.app.get(Publisher).publish('news', 'here');
    other.app.get(Publisher).publish('news', 'there');
    expect([await here.next(), await there.next()]).toEqual(['here', 'there']);
    there.send('last');
    expect(await there.next()).toBe('last');
  });

  it.each(['', 1, undefined])('throws a TypeError for the topic %j', async topic => {
    const publisher = new Publisher();
    expect(() => publisher.publish(topic as string, 'x')).toThrow(TypeError);
    expect(() => publisher.to(topic as string)).toThrow(TypeError);
  });

  it.each([
    ['undefined', undefined],
    ['a function', () => {}],
    ['a Map', new Map()],
    ['a BigInt', 1n],
  ])('throws a TypeError for %s, also before anybody listens', async (_name, value) => {
    const publisher = new Publisher();
    expect(() => publisher.publish('news', value)).toThrow(TypeError);
    if (value !== undefined) expect(() => publisher.to('news').emit('x', value)).toThrow(TypeError);
  });
});
