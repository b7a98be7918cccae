import {
  Connection,
  OnMessage,
  ParseMessage,
  RateLimit,
  type RateLimitedMessage,
  WebSocketRoute,
} from 'gatewire';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { mistakesOf, serve } from '../support/application.ts';
import { until } from '../support/deadline.ts';
import { frame, OPCODES, RawClient } from '../support/frames.ts';
import { WatchedServer } from '../support/watched-server.ts';

let server: WatchedServer;
/** What the log must hold after a spec: as a rule nothing, a client's mistake is no fault of the server. */
let due: string[] = [];

beforeAll(async () => {
  server = await WatchedServer.start('acceptance-server.ts', {
    OPTIONS: JSON.stringify({ websocket: { handlerTimeout: 1 } }),
  });
});
afterAll(() => server[Symbol.asyncDispose]());

afterEach(async () => {
  const lines = await server.settle(due.length);
  expect(lines.map(({ message }) => message)).toEqual(due);
  due = [];
});

const RATE_LIMITED = { code: 'rate_limited', message: 'Too many messages', retryAfterMs: 1000 };

describe('a flood of messages', () => {
  it('is handled up to the burst, answered once a second, and closed after three', {
    timeout: 20_000,
  }, async () => {
    await using client = await server.connect('/limited-plain');
    const isOpen = () => client.socket.readyState === WebSocket.OPEN;
    let sent = 0;
    while (isOpen() && sent < 2_000_000) {
      for (let at = 0; at < 200; at++) client.send(String(sent++));
      await new Promise(resolve => setTimeout(resolve, 5));
    }
    expect(await client.closed()).toEqual({ code: 4429, reason: 'too many messages' });
    const frames = client.untaken.map(each => JSON.parse(each as string));
    const errors = frames.filter(each => typeof each === 'object');
    expect(errors).toEqual(Array(3).fill({ error: RATE_LIMITED }));
    // Those of the burst, and fifty for each second that began.
    const handled = frames.length - errors.length;
    expect(handled).toBeGreaterThanOrEqual(100);
    expect(handled).toBeLessThanOrEqual(100 + 4 * 50);
    expect(frames.slice(0, 100)).toEqual(Array.from({ length: 100 }, (_, at) => at));
  });

  it('with ids is answered by each id, however many', async () => {
    await using client = await server.connect('/limited');
    for (let id = 1; id <= 160; id++) client.send({ event: 'any', id });
    const answers = (await client.take(160)) as { id: number; data?: string; error?: object }[];
    expect(answers.map(({ id }) => id)).toEqual(Array.from({ length: 160 }, (_, at) => at + 1));
    const refused = answers.filter(({ error }) => error !== undefined);
    expect(refused.length).toBeGreaterThanOrEqual(10);
    expect(refused.length).toBeLessThanOrEqual(60);
    expect(refused.map(({ error }) => error)).toEqual(refused.map(() => RATE_LIMITED));
  });

  it('of replies that nobody waits for is limited as well', async () => {
    await using client = await server.connect('/limited');
    for (let id = 1; id <= 300; id++) client.send({ id, data: 'nobody asked' });
    expect(await client.next()).toEqual({ event: 'exception', data: { status: 'error', ...RATE_LIMITED } });
  });
});

describe('@RateLimit()', () => {
  const answersOf = async (event: string, count: number) => {
    await using client = await server.connect('/limited');
    for (let id = 1; id <= count; id++) client.send({ event, id });
    const answers = (await client.take(count)) as { data?: string; error?: { code: string } }[];
    const isOthersFree = await client.request('any', null, 'other');
    expect(isOthersFree).toEqual({ id: 'other', data: 'handled' });
    return answers.map(({ data, error }) => data ?? error?.code);
  };

  it('lets fewer through than the route does', async () => {
    const [first, second, ...others] = await answersOf('rare', 10);
    expect([first, second]).toEqual(['handled', 'handled']);
    expect(others.filter(each => each === 'rate_limited').length).toBeGreaterThanOrEqual(6);
  });

  it('lets more through than the route does', async () => {
    expect(await answersOf('often', 400)).toEqual(Array(400).fill('handled'));
  });

  it('counts on a route that reads its frames by itself, once their event is known', async () => {
    @WebSocketRoute('/parsed')
    class ParsedController {
      @ParseMessage()
      parse(frame: string) {
        const [event, id] = frame.split(' ');
        return { event, id: Number(id) };
      }

      @RateLimit({ rate: 1, burst: 2 })
      @OnMessage('rare')
      rare() {
        return 'handled';
      }

      @OnMessage('any')
      any() {
        return 'handled';
      }
    }
    await using running = await serve([ParsedController]);
    await using client = await running.connect('/parsed');
    for (let id = 1; id <= 3; id++) client.send(`rare ${id}`);
    client.send('any 4');
    expect(await client.take(4)).toMatchObject([
      { id: 1, data: 'handled' },
      { id: 2, data: 'handled' },
      { id: 3, error: { code: 'rate_limited' } },
      { id: 4, data: 'handled' },
    ]);
  });

  it('is a mistake on a method that handles no message, and with what is no limit', async () => {
    @WebSocketRoute('/wrong')
    class WrongController {
      @RateLimit({ rate: 1 })
      nothing() {}

      @OnMessage('a')
      @RateLimit({ rate: 0 })
      zero() {}
    }
    const mistakes = await mistakesOf([WrongController]);
    expect(mistakes).toContain(
      'WrongController.nothing(): @RateLimit() limits messages, and this method handles none',
    );
    expect(mistakes).toContain('WrongController.zero(): @RateLimit() is given no limit (got {"rate":0})');
  });

  it.each([
    [{ rateLimit: true }, '"rateLimit" has a value it cannot take (got true)'],
    [{ rateLimit: { rate: -1 } }, '"rateLimit" has a value it cannot take'],
    [{ rateLimit: { rate: 1, limiter: {} } }, '"rateLimit" has a value it cannot take'],
    [{ maxTopics: 0 }, '"maxTopics" has a value it cannot take (got 0)'],
    [{ handlerTimeout: -1 }, 'Give it a whole number of seconds from 0 to 3600'],
  ])('and the options beside it say what they take: %j', async (websocket, words) => {
    expect(await mistakesOf([], { websocket } as object)).toContain(words);
  });
});

describe('a limiter of one’s own', () => {
  it.each([
    ['at once', (isIn: boolean) => isIn],
    ['later', async (isIn: boolean) => isIn],
  ])('that answers %s decides about each message, in order', async (_when, answer) => {
    const asked: Omit<RateLimitedMessage, 'connection'>[] = [];
    const limiter = {
      take({ connection, ...message }: RateLimitedMessage) {
        expect(connection).toBeInstanceOf(Connection);
        asked.push(message);
        return answer(asked.length !== 2);
      },
    };
    @WebSocketRoute('/own', { rateLimit: { rate: 7, limiter } })
    class OwnController {
      @OnMessage('a')
      a() {
        return 'handled';
      }

      @OnMessage('b')
      @RateLimit({ rate: 1, burst: 3 })
      b() {
        return 'handled';
      }
    }
    await using running = await serve([OwnController]);
    await using client = await running.connect('/own');
    for (const [id, event] of ['a', 'a', 'b'].entries()) client.send({ event, id });
    expect(await client.take(3)).toEqual([
      { id: 0, data: 'handled' },
      { id: 1, error: RATE_LIMITED },
      { id: 2, data: 'handled' },
    ]);
    expect(asked).toEqual([
      { event: 'a', rate: 7, burst: 14 },
      { event: 'a', rate: 7, burst: 14 },
      { event: 'b', rate: 1, burst: 3 },
    ]);
  });

  it.each([
    ['throws', () => fail()],
    ['rejects', async () => fail()],
  ])('that %s lets the message through, and is logged', async (_how, take) => {
    @WebSocketRoute('/own', { rateLimit: { rate: 7, limiter: { take } } })
    class OwnController {
      @OnMessage()
      echo(text: string) {
        return text;
      }
    }
    await using running = await serve([OwnController]);
    await using client = await running.connect('/own');
    client.send('through');
    expect(await client.next()).toBe('through');
    expect(running.log.map(({ message }) => message)).toEqual(['the limiter of OwnController failed']);
  });

  function fail(): never {
    throw new Error('Redis is gone');
  }
});

describe('topics of a connection', () => {
  const limit = (message: string) => ({ code: 'topic_limit', message });

  it('are at most a hundred', async () => {
    await using client = await server.connect('/limited');
    expect(await client.request('joinMany', null, 1)).toEqual({
      id: 1,
      error: limit('A connection has at most 100 topics'),
    });
    expect(await client.request('topics', null, 2)).toEqual({ id: 2, data: 100 });
    expect(await client.request('join', 'topic 7', 3)).toEqual({ id: 3, data: true });
    due = ['LimitedController.joinMany() refused'];
  });

  it.each(['x'.repeat(256), 'a\nb', '\u0000', '\u001b[31m'])(
    'have names that can be shown: %j',
    async topic => {
      await using client = await server.connect('/limited');
      expect(await client.request('join', topic, 1)).toEqual({
        id: 1,
        error: limit('A topic has at most 255 characters, none of them a control character'),
      });
      due = ['LimitedController.join() refused'];
    },
  );

  it.each(['x'.repeat(255), '__proto__', 'constructor', 'é 🙂'])('may be named %j', async topic => {
    await using client = await server.connect('/limited');
    expect(await client.request('join', topic, 1)).toEqual({ id: 1, data: true });
  });
});

describe('a handler that never ends', () => {
  const timedOut = { code: 'timeout', message: 'The server took too long' };

  it('has failed after handlerTimeout, its signal aborted, and the queue moves on', async () => {
    await using client = await server.connect('/limited');
    client.send({ event: 'steps', id: 0 });
    client.send({ event: 'hang', id: 1 });
    client.send({ event: 'any', id: 2 });
    client.send({ event: 'steps', id: 3 });
    expect((await client.take(4)).slice(1)).toEqual([
      { id: 1, error: timedOut },
      { id: 2, data: 'handled' },
      { id: 3, data: ['aborted: HookTimeout'] },
    ]);
    due = ['LimitedController.hang() failed'];
  });

  it('gives nothing any more, whatever it returns later', async () => {
    await using client = await server.connect('/limited');
    client.send({ event: 'late', id: 1 });
    expect(await client.next()).toEqual({ id: 1, error: timedOut });
    const isLate = async () => ((await client.request('steps', null, 2)).data as string[]).includes('late');
    while (!(await isLate())) await new Promise(resolve => setTimeout(resolve, 5));
    expect(await client.request('any', null, 1)).toEqual({ id: 1, data: 'handled' });
    expect(client.untaken).toEqual([]);
    due = ['LimitedController.late() failed'];
  });

  it('leaves the signal of a stream beside it alone', async () => {
    await using client = await server.connect('/limited');
    client.send({ event: 'ticks', id: 'stream' });
    client.send({ event: 'hang', id: 1 });
    const seen: unknown[] = [];
    while (!seen.some(each => (each as { error?: object }).error !== undefined))
      seen.push(await client.next());
    expect(await client.next()).toEqual({ id: 'stream', next: 'tick' });
    expect(seen.length).toBeGreaterThan(5);
    due = ['LimitedController.hang() failed'];
  });
});

describe('pings, whose hook takes its time', () => {
  it('are handled one after another, after @OnOpen, as many as may wait', async () => {
    await using client = await RawClient.connect(`${server.url}/pinged`);
    const pings = Array.from({ length: 100 }, (_, at) =>
      frame({ opcode: OPCODES.ping, payload: String(at) }),
    );
    client.write(...pings);
    await until(() => client.frames.length >= 100, 'the pongs');
    const ask = frame({ opcode: OPCODES.text, payload: JSON.stringify({ event: 'steps' }) });
    let steps: string[] = [];
    await until(() => client.frames.filter(({ first }) => first === 0x8a).length === 100, 'the pongs');
    while (steps.filter(step => step === 'pinged').length < 8) {
      const before = client.frames.length;
      client.write(ask);
      await until(() => client.frames.length > before, 'the steps');
      steps = JSON.parse(client.frames.at(-1)?.payload.toString() ?? '').data;
    }
    const ours = steps.slice(steps.indexOf('open'));
    expect(ours).toEqual([
      'open',
      'opened',
      ...Array.from({ length: 8 }, (_, at) => [`ping ${at}`, 'pinged']).flat(),
    ]);
  });
});
