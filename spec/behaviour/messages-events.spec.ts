import { IsString, MaxLength } from 'class-validator';
import {
  ConflictException,
  Connection,
  EventName,
  event,
  MessageBody,
  OnMessage,
  OnOpen,
  WebSocketRoute,
  WsException,
} from 'gatewire';
import { describe, expect, it } from 'vitest';
import { serve } from '../support/application.ts';
import { until } from '../support/deadline.ts';

class Say {
  @IsString()
  @MaxLength(8)
  text!: string;
}

const cleanups: string[] = [];

@WebSocketRoute('/chat')
class ChatController {
  @OnMessage('say')
  say(body: Say) {
    return { heard: body.text, isDto: body instanceof Say };
  }

  @OnMessage('later')
  async later(@MessageBody(() => Object) data: unknown) {
    return data;
  }

  @OnMessage('nothing')
  nothing() {}

  @OnMessage('other')
  other(@MessageBody() name: string) {
    return event('renamed', { name });
  }

  @OnMessage('count')
  count(@MessageBody() value: number) {
    return value + 1;
  }

  @OnMessage('bytes')
  bytes() {
    return new Uint8Array([1]);
  }

  @OnMessage('refuse')
  refuse() {
    throw new WsException('no seat is left', 'no_seat');
  }

  @OnMessage('conflict')
  async conflict() {
    throw new ConflictException('taken');
  }

  @OnMessage('boom')
  boom() {
    throw new Error('secret');
  }

  @OnMessage('ticks')
  async *ticks(@MessageBody() until: number) {
    try {
      for (let at = 0; at < until; at++) yield at;
    } finally {
      cleanups.push('ticks');
    }
  }

  @OnMessage('endless')
  async *endless(connection: Connection) {
    try {
      for (let at = 0; ; at++) {
        yield at;
        await new Promise(resolve => setImmediate(resolve));
      }
    } finally {
      cleanups.push(`endless ${connection.signal.aborted}`);
    }
  }

  @OnMessage('breaks')
  *breaks() {
    yield 1;
    throw new WsException('broken', 'broken');
  }
}

async function ask(...frames: unknown[]): Promise<unknown[]> {
  await using server = await serve([ChatController]);
  await using client = await server.connect('/chat');
  for (const frame of frames) client.send(frame);
  return await client.take(frames.length);
}

describe('a message of an events route', () => {
  it('reaches the handler of its event, checked', async () => {
    expect(await ask({ event: 'say', data: { text: 'hi', extra: 1 } })).toEqual([
      { event: 'say', data: { heard: 'hi', isDto: true } },
    ]);
  });

  it('with an id is answered exactly once by that id', async () => {
    expect(
      await ask(
        { event: 'say', data: { text: 'hi' }, id: 7 },
        { event: 'later', data: [1], id: 'a' },
        { event: 'nothing', id: 8 },
        { event: 'other', data: 'Ada', id: 9 },
        { event: 'nothing', data: null, id: 0 },
      ),
    ).toEqual([
      { id: 7, data: { heard: 'hi', isDto: true } },
      { id: 'a', data: [1] },
      { id: 8, data: null },
      { id: 9, data: { name: 'Ada' } },
      { id: 0, data: null },
    ]);
  });

  it('without an id is answered by its event, another event, or not at all', async () => {
    await using server = await serve([ChatController]);
    await using client = await server.connect('/chat');
    client.send({ event: 'nothing' });
    client.send({ event: 'other', data: 'Ada' });
    client.send({ event: 'count', data: 1 });
    expect(await client.take(2)).toEqual([
      { event: 'renamed', data: { name: 'Ada' } },
      { event: 'count', data: 2 },
    ]);
  });

  it('that is refused gets an error by its id, or the event exception', async () => {
    const issues = [{ path: 'text', rule: 'maxLength', message: expect.any(String) }];
    expect(
      await ask(
        { event: 'say', data: { text: 'far too long' }, id: 1 },
        { event: 'say', data: { text: 'far too long' } },
        { event: 'say', id: 2 },
        { event: 'count', data: '1', id: 3 },
        { event: 'refuse', id: 4 },
        { event: 'refuse' },
        { event: 'conflict', id: 5 },
        { event: 'boom', id: 6 },
        { event: 'bytes', id: 7 },
      ),
    ).toEqual([
      { id: 1, error: { code: 'validation_failed', message: 'Validation failed', issues } },
      {
        event: 'exception',
        data: { status: 'error', code: 'validation_failed', message: 'Validation failed', issues },
      },
      { id: 2, error: expect.objectContaining({ code: 'validation_failed' }) },
      { id: 3, error: expect.objectContaining({ code: 'validation_failed' }) },
      { id: 4, error: { code: 'no_seat', message: 'no seat is left' } },
      { event: 'exception', data: { status: 'error', code: 'no_seat', message: 'no seat is left' } },
      { id: 5, error: { code: 'conflict', message: 'taken' } },
      { id: 6, error: { code: 'internal', message: 'Internal server error' } },
      { id: 7, error: { code: 'internal', message: 'Internal server error' } },
    ]);
  });

  it.each([
    'hello',
    '{"event":',
    '[]',
    'null',
    '1',
    '"x"',
    '{}',
    '{"event":1}',
    '{"event":""}',
    `{"event":"${'x'.repeat(200)}"}`,
    '{"event":"say","id":{}}',
    '{"event":"say","id":1.5}',
    `{"event":"say","id":"${'x'.repeat(65)}"}`,
    new Uint8Array([1]),
  ])('that is %s is a bad_frame', async frame => {
    const [answer, next] = await ask(frame, { event: 'nothing', id: 1 });
    expect(answer).toEqual({
      event: 'exception',
      data: { status: 'error', code: 'bad_frame', message: expect.any(String) },
    });
    expect(next).toEqual({ id: 1, data: null });
  });

  it('that is a bad_frame with a proper id is answered by it, so that nobody waits in vain', async () => {
    const bad = { code: 'bad_frame', message: expect.any(String) };
    expect(await ask({ id: 1 }, { event: '', id: 'a' }, { event: 7, id: 3 })).toEqual([
      { id: 1, error: bad },
      { id: 'a', error: bad },
      { id: 3, error: bad },
    ]);
  });

  it.each(['nope', '__proto__', 'constructor', 'toString', '$auth'])(
    'of the event %s is unknown',
    async name => {
      expect(await ask({ event: name, id: 1 })).toEqual([
        { id: 1, error: { code: 'unknown_event', message: `No handler for the event "${name}"` } },
      ]);
    },
  );

  it('whose id is in flight closes 4409; after its reply the id is free again', async () => {
    expect(await ask({ event: 'later', id: 1 }, { event: 'nothing', id: 2 })).toHaveLength(2);
    await using server = await serve([ChatController]);
    await using client = await server.connect('/chat');
    for (let round = 0; round < 3; round++) {
      client.send({ event: 'later', data: round, id: 1 });
      expect(await client.next()).toEqual({ id: 1, data: round });
    }
    client.send({ event: 'endless', id: 1 });
    await client.next();
    client.send({ event: 'later', id: 1 });
    expect(await client.closed()).toMatchObject({ code: 4409 });
  });

  it('goes to the fallback when nothing else handles its event', async () => {
    @WebSocketRoute('/any')
    class AnyController {
      @OnMessage('known')
      known() {
        return 'known';
      }

      @OnMessage('*')
      any(@EventName() name: string, @MessageBody(() => Object) data: unknown) {
        return { name, data };
      }
    }
    await using server = await serve([AnyController]);
    await using client = await server.connect('/any');
    client.send({ event: 'known', id: 1 });
    client.send({ event: 'free', data: 5 });
    expect(await client.take(2)).toEqual([
      { id: 1, data: 'known' },
      { event: 'free', data: { name: 'free', data: 5 } },
    ]);
  });

  it('may be handled by one method for two events', async () => {
    @WebSocketRoute('/two')
    class TwoController {
      @OnMessage('a')
      @OnMessage('b')
      both(@EventName() name: string) {
        return name;
      }
    }
    await using server = await serve([TwoController]);
    await using client = await server.connect('/two');
    client.send({ event: 'a' });
    client.send({ event: 'b' });
    expect(await client.take(2)).toEqual([
      { event: 'a', data: 'a' },
      { event: 'b', data: 'b' },
    ]);
  });
});

describe('a stream', () => {
  it('with an id is next frames and done, beside other messages', async () => {
    await using server = await serve([ChatController]);
    await using client = await server.connect('/chat');
    client.send({ event: 'endless', id: 'e' });
    client.send({ event: 'count', data: 1, id: 2 });
    const frames: unknown[] = [];
    while (!frames.some(frame => (frame as { id: unknown }).id === 2)) frames.push(await client.next());
    expect(frames[0]).toEqual({ id: 'e', next: 0 });
    expect(await ask({ event: 'ticks', data: 2, id: 1 }, '{}', '{}')).toContainEqual({ id: 1, next: 1 });
  });

  it('ends with done', async () => {
    await using server = await serve([ChatController]);
    await using client = await server.connect('/chat');
    client.send({ event: 'ticks', data: 2, id: 1 });
    expect(await client.take(3)).toEqual([
      { id: 1, next: 0 },
      { id: 1, next: 1 },
      { id: 1, done: true },
    ]);
  });

  it('without an id is events, and holds the queue until it ends', async () => {
    await using server = await serve([ChatController]);
    await using client = await server.connect('/chat');
    client.send({ event: 'ticks', data: 2 });
    client.send({ event: 'count', data: 1 });
    expect(await client.take(3)).toEqual([
      { event: 'ticks', data: 0 },
      { event: 'ticks', data: 1 },
      { event: 'count', data: 2 },
    ]);
  });

  it('with an id is next frames also where it yields under another event’s name', async () => {
    @WebSocketRoute('/named')
    class NamedController {
      @OnMessage('list')
      *list() {
        yield event('item', 1);
      }
    }
    await using server = await serve([NamedController]);
    await using client = await server.connect('/named');
    client.send({ event: 'list', id: 1 });
    client.send({ event: 'list' });
    expect(await client.take(3)).toEqual(
      expect.arrayContaining([
        { id: 1, next: 1 },
        { id: 1, done: true },
        { event: 'item', data: 1 },
      ]),
    );
  });

  it('ends with an error frame when it throws', async () => {
    await using server = await serve([ChatController]);
    await using client = await server.connect('/chat');
    client.send({ event: 'breaks', id: 1 });
    client.send({ event: 'breaks' });
    expect(await client.take(4)).toEqual(
      expect.arrayContaining([
        { id: 1, next: 1 },
        { id: 1, error: { code: 'broken', message: 'broken' } },
        { event: 'breaks', data: 1 },
        { event: 'exception', data: { status: 'error', code: 'broken', message: 'broken' } },
      ]),
    );
  });

  it('stops at cancel, runs its finally, and frees its id', async () => {
    cleanups.length = 0;
    await using server = await serve([ChatController]);
    await using client = await server.connect('/chat');
    client.send({ event: 'endless', id: 1 });
    await client.next();
    client.send({ id: 1, cancel: true });
    let frame = await client.next();
    while (!('done' in (frame as object))) frame = await client.next();
    await until(() => cleanups.length === 1, 'the finally');
    expect(cleanups).toEqual(['endless false']);
    client.send({ event: 'count', data: 1, id: 1 });
    expect(await client.next()).toEqual({ id: 1, data: 2 });
  });

  it('stops when the client leaves', async () => {
    cleanups.length = 0;
    await using server = await serve([ChatController]);
    const client = await server.connect('/chat');
    client.send({ event: 'endless' });
    await client.next();
    await client.close();
    await until(() => cleanups.length === 1, 'the finally');
    expect(cleanups).toEqual(['endless true']);
  });

  it('is refused as overloaded beside sixteen others', async () => {
    await using server = await serve([ChatController]);
    await using client = await server.connect('/chat');
    for (let id = 1; id <= 17; id++) client.send({ event: 'endless', id });
    let frame = (await client.next()) as Record<string, unknown>;
    while (!('error' in frame)) frame = (await client.next()) as Record<string, unknown>;
    expect(frame).toMatchObject({ id: 17, error: { code: 'overloaded' } });
  });

  it('waits for a slow client and loses nothing', async () => {
    const COUNT = 400;
    @WebSocketRoute('/bulk')
    class BulkController {
      static pulled = 0;

      @OnMessage('bulk')
      *bulk() {
        for (let at = 0; at < COUNT; at++) {
          BulkController.pulled = at;
          yield { at, padding: 'x'.repeat(64 * 1024) };
        }
      }
    }
    await using server = await serve([BulkController]);
    await using client = await server.connect('/bulk');
    client.send({ event: 'bulk', id: 1 });
    const frames = (await client.take(COUNT + 1)) as { next?: { at: number }; done?: boolean }[];
    expect(frames.map(({ next, done }) => done ?? next?.at)).toEqual([...Array(COUNT).keys(), true]);
  });
});

describe('what @OnOpen returns', () => {
  it('is sent: a value, a promise, a generator, under the event open', async () => {
    const values = [() => 1, async () => 2, () => event('hello', 3), () => [4, 5][Symbol.iterator]()];
    for (const [at, value] of values.entries()) {
      @WebSocketRoute('/open')
      class OpenController {
        @OnOpen()
        open() {
          return value();
        }

        @OnMessage('x')
        x() {}
      }
      await using server = await serve([OpenController]);
      await using client = await server.connect('/open');
      expect(await client.next()).toEqual(
        [
          { event: 'open', data: 1 },
          { event: 'open', data: 2 },
          { event: 'hello', data: 3 },
          { event: 'open', data: 4 },
        ][at],
      );
    }
  });
});
