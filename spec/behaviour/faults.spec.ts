import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Client, type ConnectOptions } from '../support/client.ts';
import { FAULTS, type Fault } from '../support/misbehave.ts';
import { rawUpgrade } from '../support/raw.ts';
import { type Health, type LogRecord, WatchedServer } from '../support/watched-server.ts';

/** In every payload, query, header, ping and close reason that is sent; no log line may hold it. */
const SECRET = 'secret-7f3a';

type Frame = Record<string, unknown>;

let server: WatchedServer;
let muteUrls: { readonly throwing: string; readonly rejecting: string };
let isEnded = false;

async function start(): Promise<void> {
  server = await WatchedServer.start('fault-server.ts', {}, 1);
  muteUrls = await server.child.value('muteUrls');
}

beforeAll(start);

afterAll(() => server[Symbol.asyncDispose]());

afterEach(async () => {
  const { isRunning, child } = server;
  if (isRunning || isEnded) return;
  // Started anew, so that one fault that ends the process does not hide what the others do.
  await start();
  throw new Error(`the process died\n${child.lines.slice(-12).join('\n')}`);
});

function connect(
  path: string,
  faults: Record<string, Fault> = {},
  options?: ConnectOptions,
): Promise<Client> {
  const query = new URLSearchParams({ ...faults, token: SECRET });
  return server.connect(`${path}?${query}`, options);
}

/** What was logged since the last time, once only the control client is left and is still served. */
function settle(due = 1): Promise<readonly LogRecord[]> {
  return server.settle(due);
}

/** Exactly one log line, of this hook; it says where and of which connection, and nothing of the payload. */
function expectOneLine(lines: readonly LogRecord[], hook: string, level = 'error'): LogRecord {
  expect(lines).toHaveLength(1);
  const [line = {}] = lines;
  expect(line).toMatchObject({
    level,
    hook,
    route: hook.split('.')[0],
    connection: expect.stringMatching(/^[0-9a-f-]{36}$/),
    error: { name: expect.any(String), message: expect.any(String) },
  });
  return line;
}

const INTERNAL = { code: 'internal', message: 'Internal server error' };

/** What the client is told of a fault: only the user's own `WsException` says something of its own. */
function errorOf(fault: Fault): Frame {
  return fault === 'throwsOddIssues' ? { code: 'error', message: 'odd' } : INTERNAL;
}

/** A user's own exception is a refusal, which is a warning; anything else is an error. */
function levelOf(fault: Fault): string {
  return fault === 'throwsOddIssues' ? 'warn' : 'error';
}

const ALL = Object.keys(FAULTS) as Fault[];
const STREAMS = ALL.filter(fault => /^(firstPull|midStream|finally|yields|oddIterator)/.test(fault));
const FEW: Fault[] = ['throws', 'rejects', 'throwsUndefined', 'returnsBigInt', 'midStreamRejects'];

/** What a fault of a stream has sent before. */
function itemsBefore(fault: Fault): number[] {
  return /^(midStream|finally|yields)/.test(fault) ? [1] : [];
}

describe('a fault in @BeforeHandle', () => {
  it.each(ALL)('%s: refuses with a status, without its text', async fault => {
    const response = await rawUpgrade(`${server.url}/events?before=${fault}&token=${SECRET}`);
    expect(response.status).toBe(fault === 'throwsOddIssues' ? 400 : 500);
    expect(response.body).not.toMatch(/broken|hostile/);
    expect(response.json()).toMatchObject(errorOf(fault));
    expectOneLine(await settle(), 'EventsController.before()', levelOf(fault));
  });
});

describe('a fault in @OnOpen', () => {
  it.each(ALL)('%s: closes with 1011 after an error frame, @OnClose once', async fault => {
    const client = await connect('/events', { open: fault });
    client.send({ event: 'alive', data: SECRET });
    expect(await client.closed()).toEqual({ code: 1011, reason: 'open failed' });
    const frames = client.untaken.map(frame => JSON.parse(frame as string));
    expect(frames).toEqual([
      ...itemsBefore(fault).map(data => ({ event: 'open', data })),
      { event: 'exception', data: { status: 'error', ...errorOf(fault) } },
    ]);
    const { connection } = expectOneLine(await settle(), 'EventsController.open()', levelOf(fault));
    expect(server.child.records.filter(({ closed }) => closed === connection)).toHaveLength(1);
  });
});

describe('a fault in @OnMessage', () => {
  it.each(ALL)('%s on a plain route: one error frame, then the next message', async fault => {
    await using client = await connect('/plain');
    client.send(`fail ${fault} ${SECRET}`);
    client.send(`alive ${SECRET}`);
    const expected = [...itemsBefore(fault), { error: errorOf(fault) }, 'alive'];
    expect(await client.take(expected.length)).toEqual(expected);
    await client.close(4001, SECRET);
    expectOneLine(await settle(), 'PlainController.handle()', levelOf(fault));
    expect(client.untaken).toEqual([]);
  });

  it.each(ALL)('%s without an id: the event "exception", then the next message', async fault => {
    await using client = await connect('/events');
    client.send({ event: 'fail', data: { fault, SECRET } });
    client.send({ event: 'alive', data: SECRET });
    const expected = [
      ...itemsBefore(fault).map(data => ({ event: 'fail', data })),
      { event: 'exception', data: { status: 'error', ...errorOf(fault) } },
      { event: 'alive', data: 'alive' },
    ];
    expect(await client.take(expected.length)).toEqual(expected);
    await client.close(4001, SECRET);
    const line = expectOneLine(await settle(), 'EventsController.fail()', levelOf(fault));
    expect(line.event).toBe('fail');
    expect(client.untaken).toEqual([]);
  });

  it.each(ALL)('%s with an id: the error by that id, the id is free again', async fault => {
    await using client = await connect('/events');
    client.send({ event: 'fail', data: { fault, SECRET }, id: 'f' });
    client.send({ event: 'alive', data: SECRET, id: 'a' });
    const expected: unknown[] = itemsBefore(fault).map(next => ({ id: 'f', next }));
    expected.push({ id: 'f', error: errorOf(fault) });
    const frames = await client.take(expected.length + 1);
    // A stream with an id goes on beside the next message.
    expect(frames.filter(frame => (frame as Frame).id === 'f')).toEqual(expected);
    expect(frames).toContainEqual({ id: 'a', data: 'alive' });
    expect(await client.request('alive', SECRET, 'f')).toEqual({ id: 'f', data: 'alive' });
    await client.close(4001, SECRET);
    expectOneLine(await settle(), 'EventsController.fail()', levelOf(fault));
    expect(client.untaken).toEqual([]);
  });
});

describe('a fault in a control hook', () => {
  /** Brings a connection's @OnPing or @OnPong about. */
  function provoke(hook: string, client: Client): void {
    if (hook === 'ping') (client.socket as WebSocket & { ping(data: string): void }).ping(SECRET);
    else client.send({ event: 'pingMe', data: SECRET });
  }

  for (const hook of ['ping', 'pong']) {
    it.each(ALL)(`${hook}: %s: one error frame, and the connection goes on`, async fault => {
      await using client = await connect('/events', { [hook]: fault });
      provoke(hook, client);
      const expected = [
        ...itemsBefore(fault).map(data => ({ event: hook, data })),
        { event: 'exception', data: { status: 'error', ...errorOf(fault) } },
      ];
      expect(await client.take(expected.length)).toEqual(expected);
      expect(await client.request('alive', SECRET, 1)).toEqual({ id: 1, data: 'alive' });
      await client.close();
      expectOneLine(await settle(), `EventsController.${hook}()`, levelOf(fault));
      expect(client.untaken).toEqual([]);
    });
  }

  it.each(FEW)('drain: %s: one error frame, and the connection goes on', async fault => {
    await using client = await connect('/events', { drain: fault });
    client.send({ event: 'fill', data: SECRET });
    expect(await client.nextFrame()).toHaveLength(32 * 2 ** 20);
    expect(await client.next()).toEqual({ event: 'fill', data: 'queued' });
    const expected = [
      ...itemsBefore(fault).map(data => ({ event: 'drain', data })),
      { event: 'exception', data: { status: 'error', ...INTERNAL } },
    ];
    expect(await client.take(expected.length)).toEqual(expected);
    expect(await client.request('alive', SECRET, 1)).toEqual({ id: 1, data: 'alive' });
    await client.close();
    expectOneLine(await settle(), 'EventsController.drain()');
  });
});

describe('a fault in @OnClose', () => {
  // Nothing can be sent any more, so a stream is not even started.
  it.each(STREAMS)('%s: is not run', async fault => {
    const client = await connect('/events', { close: fault });
    await client.close(4001, SECRET);
    expect(await settle(0)).toEqual([]);
  });

  it.each(ALL.filter(fault => !STREAMS.includes(fault)))(
    '%s: one log line, and the connection is forgotten',
    async fault => {
      const client = await connect('/events', { close: fault });
      expect(await client.request('alive', SECRET, 1)).toEqual({ id: 1, data: 'alive' });
      await client.close(4001, SECRET);
      expectOneLine(await settle(), 'EventsController.close()', levelOf(fault));
    },
  );
});

describe('a fault in @OnError itself', () => {
  // What @OnError returns is one value, never a stream; such an object of its own is just that.
  it.each(ALL.filter(fault => !/Iterator$/.test(fault)))(
    '%s: the default error frame, and a log line for each of the two faults',
    async fault => {
      await using client = await connect('/on-error', { error: fault });
      client.send({ event: 'fail', data: { fault: 'throws', SECRET }, id: 1 });
      expect(await client.next()).toEqual({ id: 1, error: INTERNAL });
      expect(await client.request('alive', SECRET, 1)).toEqual({ id: 1, data: 'alive' });
      await client.close();
      const [first, second, ...rest] = await settle(2);
      expectOneLine([first as LogRecord], 'OnErrorController.fail()');
      expectOneLine([second as LogRecord], 'OnErrorController.error()');
      expect(rest).toEqual([]);
      expect(client.untaken).toEqual([]);
    },
  );

  it.each(['open', 'ping', 'pong', 'close'])('leaves a fault in @On %s as it is', async hook => {
    const client = await connect('/on-error', { [hook]: 'rejects', error: 'rejects' });
    if (hook === 'ping') (client.socket as WebSocket & { ping(): void }).ping();
    if (hook === 'pong') client.send({ event: 'pingMe' });
    if (hook === 'open') await client.closed();
    if (hook !== 'close') {
      expect(await client.next()).toEqual({ event: 'exception', data: { status: 'error', ...INTERNAL } });
    }
    if (hook !== 'open') await client.close();
    expect((await settle(2)).map(line => line.hook)).toEqual([
      `OnErrorController.${hook}()`,
      'OnErrorController.error()',
    ]);
  });

  it('sees every other fault, and its answer is sent', async () => {
    await using client = await connect('/on-error');
    expect(await client.request('fail', { fault: 'throwsHostileProxy', SECRET }, 1)).toEqual({
      id: 1,
      data: { about: { hook: 'message', event: 'fail' } },
    });
    await client.close();
    expectOneLine(await settle(), 'OnErrorController.fail()');
  });
});

describe('a fault beside the sockets', () => {
  const HTTP: Fault[] = ['throws', 'rejects', 'throwsUndefined', 'throwsString', 'throwsHostileStack'];

  it.each(HTTP)('%s in options.fetch: 500 without its text', async fault => {
    const response = await fetch(`${server.url}/http/${fault}?token=${SECRET}`);
    expect([response.status, await response.json()]).toEqual([500, { statusCode: 500, ...INTERNAL }]);
    expect(await settle()).toMatchObject([{ level: 'error', message: 'an HTTP handler failed' }]);
  });

  it.each(HTTP)('%s in options.routes: 500 without its text', async fault => {
    const response = await fetch(`${server.url}/route/${fault}?token=${SECRET}`);
    expect([response.status, await response.json()]).toEqual([500, { statusCode: 500, ...INTERNAL }]);
    expect(await settle()).toMatchObject([{ level: 'error', message: 'an HTTP handler failed' }]);
  });
});

describe('a logger that fails itself', () => {
  it.each(['throwing', 'rejecting'] as const)('%s: costs its line, not the connection', async logger => {
    const url = `${muteUrls[logger]}/plain?token=${SECRET}&close=throws`;
    expect((await rawUpgrade(`${url}&before=throws`)).status).toBe(500);
    await using client = await Client.connect(url);
    for (const fault of ['throws', 'rejects', 'midStreamRejects']) client.send(`fail ${fault} ${SECRET}`);
    client.send('alive');
    expect(await client.take(5)).toEqual([
      { error: INTERNAL },
      { error: INTERNAL },
      1,
      { error: INTERNAL },
      'alive',
    ]);
    await client.close();
    expect(await settle(0)).toEqual([]);
  });
});

describe('a connection that ends while a handler runs', () => {
  it.each(['close', 'terminate'])(
    'by the handler’s own %s: late calls do nothing and throw nothing',
    async how => {
      await using other = await connect('/events');
      await other.request('subscribe', 'room', 1);
      await using client = await connect('/events');
      client.send({ event: 'closeSelf', data: how, id: 1 });
      expect((await client.closed()).code).toBe(how === 'close' ? 4000 : 1006);
      expect(client.untaken).toEqual([]);
      expect(await other.request('alive', SECRET, 2)).toEqual({ id: 2, data: 'alive' });
      await other.close();
      expect(await settle(0)).toEqual([]);
      const { late } = (await server.health()) as Health & { readonly late: unknown };
      const nothing = ['dropped', 'dropped', false, false, 'dropped'];
      expect(late).toEqual([nothing, nothing]);
    },
  );

  it('by the client: a request nobody awaits is forgotten', async () => {
    await using client = await connect('/events');
    client.send({ event: 'askAndForget', data: SECRET, id: 1 });
    expect(await client.take(2)).toMatchObject([{ event: 'question' }, { id: 1, data: 'asked' }]);
    await client.close(4001, SECRET);
    expect(await settle(0)).toEqual([]);
  });

  it.each(['throws', 'rejects', 'returnsBigInt', 'midStreamRejects'])(
    'by the client: %s is logged once and answered to nobody',
    async fault => {
      await using client = await connect('/events');
      client.send({ event: 'waitForEnd', data: fault, id: 1 });
      await client.next();
      await client.close(4001, SECRET);
      // A stream is not even started for a client that is gone.
      if (fault === 'midStreamRejects') expect(await settle(0)).toEqual([]);
      else expectOneLine(await settle(), 'EventsController.waitForEnd()');
    },
  );

  it.each(['throws', 'rejects'])(
    'by the client: %s in the finally of a stream is logged once',
    async fault => {
      for (const event of ['endless', 'ticks']) {
        for (const id of [undefined, 1]) {
          await using client = await connect('/events');
          client.send({ event, data: fault, id });
          await client.next();
          await client.close(4001, SECRET);
          expectOneLine(await settle(), `EventsController.${event}()`);
        }
      }
    },
  );

  it('a stream that fails after it was cancelled is logged once, and nothing is sent', async () => {
    await using client = await connect('/events');
    client.send({ event: 'endless', data: 'rejects', id: 's' });
    expect(await client.next()).toEqual({ id: 's', next: 'first' });
    client.send({ id: 's', cancel: true });
    expect(await client.request('alive', SECRET, 2)).toEqual({ id: 2, data: 'alive' });
    await client.close();
    expectOneLine(await settle(), 'EventsController.endless()');
    expect(client.untaken).toEqual([]);
  });

  it('by the client: cancelling a stream whose finally throws is logged once, and the connection goes on', async () => {
    await using client = await connect('/events');
    client.send({ event: 'ticks', data: 'throws', id: 's' });
    expect(await client.next()).toEqual({ id: 's', next: 'tick' });
    client.send({ id: 's', cancel: true });
    expect(await client.request('alive', SECRET, 2)).toEqual({ id: 2, data: 'alive' });
    await client.close();
    expectOneLine(await settle(), 'EventsController.ticks()');
  });

  it('an abort listener that throws is logged, and @OnClose runs', async () => {
    await using client = await connect('/events');
    expect(await client.request('listen', SECRET, 1)).toEqual({ id: 1, data: 'listening' });
    await client.close(4001, SECRET);
    const [line, ...rest] = await settle();
    expect(line).toMatchObject({ level: 'error', route: 'EventsController', error: { message: 'broken' } });
    expect(rest).toEqual([]);
    expect(server.child.records.filter(({ closed }) => closed === line?.connection)).toHaveLength(1);
  });

  it.each([
    ['at rest', undefined],
    ['with a handler that ends later', 'wait'],
  ])('to(topic).emit in @OnClose reaches the others: %s', async (_name, event) => {
    await using other = await connect('/left');
    expect(await other.request('join', null, 1)).toEqual({ id: 1, data: true });
    await using client = await connect('/left');
    expect(await client.request('join', null, 1)).toEqual({ id: 1, data: true });
    if (event !== undefined) client.send({ event });
    await client.close();
    expect(await other.next()).toEqual({ event: 'left', data: 'someone' });
    await other.close();
    expect(await settle(0)).toEqual([]);
  });
});

describe('a fault beside another', () => {
  it.each(['arguments', 'pipes', 'filter', 'throwing'])(
    'of %s: one error, then the next message',
    async event => {
      await using client = await connect('/enhanced');
      expect(await client.request(event, { a: 1, b: 1, SECRET }, 1)).toEqual({ id: 1, error: INTERNAL });
      expect(await client.request('alive', null, 2)).toEqual({ id: 2, data: 'alive' });
      await client.close();
      expectOneLine(await settle(), `EnhancedController.${event}()`);
    },
  );

  it('of a handler whose interceptor has answered already is dropped', async () => {
    await using client = await connect('/enhanced');
    expect(await client.request('unawaited', null, 1)).toEqual({ id: 1, data: 'answered already' });
    await client.close();
    expect(await settle(0)).toEqual([]);
  });

  it('of two values of the query: one refusal', async () => {
    const { status, body } = await rawUpgrade(`${server.url}/piped-slots?a=1&b=2`);
    expect([status, JSON.parse(body)]).toEqual([500, { statusCode: 500, ...INTERNAL }]);
    expect(await settle()).toMatchObject([{ level: 'error', route: 'PipedSlotsController' }]);
  });
});

describe('after all of them', () => {
  it('the process is the same, no line holds a payload, and the close waits for nothing', async () => {
    expect(server.isRunning).toBe(true);
    const { lines } = server.child;
    expect(lines.filter(line => line.includes(SECRET))).toEqual([]);
    expect(await settle(0)).toEqual([]);
    expect(await server.health()).toMatchObject({ members: 0 });
    expect(server.echoes).toBeGreaterThan(100);
    isEnded = true;
    expect(await server.end()).toEqual({ code: 0, signal: null });
    expect(lines.filter(line => line.includes('still running'))).toEqual([]);
  });
});
