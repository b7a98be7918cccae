import { deflateRawSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Client } from '../support/client.ts';
import { until } from '../support/deadline.ts';
import { closePayload, frame, OPCODES, RawClient } from '../support/frames.ts';
import { type LogRecord, WatchedServer } from '../support/watched-server.ts';

let server: WatchedServer;
/** What the log must hold after a spec: as a rule nothing, a client's mistake is no fault of the server. */
let due: string[] = [];

beforeAll(async () => {
  server = await WatchedServer.start('acceptance-server.ts');
});
afterAll(() => server[Symbol.asyncDispose]());

afterEach(async () => {
  const lines = await server.settle(due.length);
  expect(lines.map(({ message }) => message)).toEqual(due);
  for (const line of lines) expectNoPayload(line);
  due = [];
});

const SECRET = 'secret-7f3a';

function expectNoPayload(line: LogRecord): void {
  expect(line).toMatchObject({
    connection: expect.any(String),
    route: expect.any(String),
    hook: expect.any(String),
  });
  const text = JSON.stringify(line);
  expect(text).not.toContain(SECRET);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that there are none is the point
  expect(text).not.toMatch(/[\u0000-\u001f]/);
}

function tooLarge(id?: number) {
  const error = { code: 'too_large', message: 'The message is nested too deeply, or holds too many values' };
  return id === undefined ? { event: 'exception', data: { status: 'error', ...error } } : { id, error };
}

function badFrame(message = 'The frame is not an envelope {"event": …, "data": …}') {
  return { event: 'exception', data: { status: 'error', code: 'bad_frame', message } };
}

async function isAlive(client: Client): Promise<void> {
  expect(await client.request('say', { text: 'still here' }, 99)).toEqual({ id: 99, data: 'still here' });
}

/** What a request is answered, on a connection of its own that goes on afterwards. */
async function ask(event: string, data: unknown): Promise<Record<string, unknown>> {
  await using client = await server.connect('/events');
  const answer = await client.request(event, data, 1);
  await isAlive(client);
  return answer;
}

/** The same for an envelope that JSON.stringify would take too long for, or not write. */
async function askRaw(frameText: string): Promise<unknown> {
  await using client = await server.connect('/events');
  client.send(frameText);
  const answer = await client.next();
  await isAlive(client);
  return answer;
}

describe('a message above 64 KiB', () => {
  it.each([
    ['whole', [frame({ opcode: OPCODES.text, payload: 'x'.repeat(65_537) })]],
    [
      'in two fragments',
      [
        frame({ opcode: OPCODES.text, payload: 'x'.repeat(40_000), isFinal: false }),
        frame({ opcode: OPCODES.continuation, payload: 'x'.repeat(40_000) }),
      ],
    ],
  ])('closes with 1009, %s', async (_how, frames) => {
    await using client = await RawClient.connect(`${server.url}/events`);
    client.write(...frames);
    expect(await client.closed()).toMatchObject({ code: 1009 });
  });
});

describe('a flood of fragments', () => {
  const one = (payload: string, isFirst: boolean) =>
    frame({ opcode: isFirst ? OPCODES.text : OPCODES.continuation, payload, isFinal: false });

  it('costs no memory while they are empty, and the message is still put together', async () => {
    await using client = await RawClient.connect(`${server.url}/echo`);
    const before = await server.health();
    client.write(one('', true), Buffer.concat(Array(100_000).fill(one('', false))));
    client.write(frame({ opcode: OPCODES.continuation, payload: 'at last' }));
    await until(() => client.frames.length > 0, 'the echo', 10_000);
    expect(client.frames[0]?.payload.toString()).toBe('at last');
    expect((await server.health()).memory - before.memory).toBeLessThan(32);
  });

  it('of one byte closes with 1009 above the limit', async () => {
    await using client = await RawClient.connect(`${server.url}/echo`);
    const before = await server.health();
    client.write(one('x', true), Buffer.concat(Array(70_000).fill(one('x', false))));
    expect(await client.closed()).toMatchObject({ code: 1009 });
    expect((await server.health()).memory - before.memory).toBeLessThan(32);
  });
});

describe('a compression bomb', () => {
  const bomb = deflateRawSync(Buffer.alloc(20 * 2 ** 20), { finishFlush: 2 }).subarray(0, -4);
  const offer = { 'Sec-WebSocket-Extensions': 'permessage-deflate' };
  const send = (client: RawClient) =>
    client.write(frame({ opcode: OPCODES.text, payload: bomb, reserved: 4 }));

  it('closes with 1009 where compression is on, and is not blown up', async () => {
    await using client = await RawClient.connect(`${server.url}/deflated`, offer);
    const before = await server.health();
    send(client);
    expect(await client.closed()).toMatchObject({ code: 1009 });
    expect((await server.health()).memory - before.memory).toBeLessThan(32);
  });

  it('is a protocol error where compression was not negotiated', async () => {
    await using client = await RawClient.connect(`${server.url}/echo`, offer);
    expect(client.headers).not.toHaveProperty('sec-websocket-extensions');
    send(client);
    expect(await client.closed()).toMatchObject({ code: 1002 });
  });
});

describe('a broken frame', () => {
  it.each([
    ['that is not masked', frame({ opcode: OPCODES.text, payload: 'x', isMasked: false }), 1002],
    ['with a reserved bit', frame({ opcode: OPCODES.text, payload: 'x', reserved: 4 }), 1002],
    ['of a reserved opcode', frame({ opcode: 3, payload: 'x' }), 1002],
    ['that is a ping of 126 bytes', frame({ opcode: OPCODES.ping, payload: 'x'.repeat(126) }), 1002],
    ['of invalid UTF-8', frame({ opcode: OPCODES.text, payload: Uint8Array.of(0xff) }), 1007],
    ['that closes with one byte', frame({ opcode: OPCODES.close, payload: 'x' }), 1002],
    ['that closes with 1005', frame({ opcode: OPCODES.close, payload: closePayload(1005) }), 1002],
  ])('%s ends its own connection only', async (_what, broken, code) => {
    await using client = await RawClient.connect(`${server.url}/events`);
    client.write(broken);
    expect(await client.closed()).toMatchObject({ code });
  });
});

describe('a frame that is no envelope', () => {
  it.each([
    ['cut JSON', '{"event":'],
    ['no JSON', 'hello'],
    ['no object', '[]'],
    ['null', 'null'],
    ['a number', '1'],
    ['a string', '"x"'],
    ['nothing in it', '{}'],
    ['an event that is a number', '{"event":1}'],
    ['an event of 200 characters', `{"event":"${'x'.repeat(200)}"}`],
    ['an id that is an object', '{"event":"say","id":{}}'],
    ['brackets that never close', '['.repeat(60_000)],
  ])('is answered bad_frame: %s', async (_what, text) => {
    expect(await askRaw(text)).toEqual(badFrame());
  });

  it('is answered bad_frame when it is binary', async () => {
    await using client = await server.connect('/events');
    client.send(new Uint8Array([1, 2, 3]));
    expect(await client.next()).toEqual(badFrame());
    await isAlive(client);
  });

  it('closes with 4400 the tenth time within a minute', async () => {
    await using client = await server.connect('/events');
    for (let at = 0; at < 9; at++) client.send('hello');
    expect(await client.take(9)).toEqual(Array(9).fill(badFrame()));
    await isAlive(client);
    client.send('hello');
    expect(await client.next()).toEqual(badFrame());
    expect(await client.closed()).toEqual({ code: 4400, reason: 'too many invalid messages' });
  });

  it('closes a plain route with 4400 the tenth time, too', async () => {
    await using client = await server.connect('/plain');
    for (let at = 0; at < 10; at++) client.send('{');
    expect(await client.take(10)).toEqual(
      Array(10).fill({ error: { code: 'bad_frame', message: 'The frame is not JSON' } }),
    );
    expect(await client.closed()).toEqual({ code: 4400, reason: 'too many invalid messages' });
  });
});

describe('an event without a handler', () => {
  it.each(['free', '__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
    'is answered unknown_event: %s',
    async event => {
      const message = `No handler for the event "${event}"`;
      expect(await ask(event, 1)).toEqual({ id: 1, error: { code: 'unknown_event', message } });
    },
  );

  it('is echoed at most 64 characters long', async () => {
    const { error } = await ask(`${SECRET}${'x'.repeat(100)}`, 1);
    const message = `No handler for the event "${SECRET}${'x'.repeat(64 - SECRET.length)}"`;
    expect(error).toEqual({ code: 'unknown_event', message });
  });
});

describe('deep JSON', () => {
  const lists = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
  const objects = (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;

  it.each([
    ['an unchecked body', 'any', (text: string) => text],
    ['a part of it', 'part', (text: string) => `{"part":${text}}`],
  ])('is answered too_large above 32 levels: %s', async (_what, event, wrap) => {
    const send = (text: string) => askRaw(`{"event":"${event}","id":1,"data":${wrap(text)}}`);
    expect(await send(lists(32))).toEqual({ id: 1, data: 'object' });
    expect(await send(objects(32))).toEqual({ id: 1, data: 'object' });
    expect(await send(lists(33))).toEqual(tooLarge(1));
    expect(await send(objects(33))).toEqual(tooLarge(1));
  });

  it.each([
    ['lists', lists(30_000)],
    ['objects', objects(10_000)],
  ])('is answered too_large at once for any handler: %s', async (_what, text) => {
    await server.health();
    for (const event of ['any', 'say', 'nobody']) {
      expect(await askRaw(`{"event":"${event}","id":1,"data":${text}}`)).toEqual(tooLarge(1));
    }
    expect(await askRaw(`{"event":"any","data":${text}}`)).toEqual(tooLarge());
    expect((await server.health()).stall).toBeLessThan(500);
  });

  it('is answered too_large on a plain route', async () => {
    await using client = await server.connect('/plain');
    for (const text of [lists(30_000), lists(33)]) {
      client.send(text);
      expect(await client.next()).toEqual({ error: tooLarge(1).error });
    }
    client.send('[1]');
    expect(await client.next()).toBe('object');
  });

  it('is no reply to a question of the server', async () => {
    await using client = await server.connect('/events');
    client.send({ event: 'ask', id: 1 });
    const { id } = (await client.next()) as { id: number };
    client.send(`{"id":${id},"data":${lists(33)}}`);
    expect(await client.next()).toMatchObject({ id: 1, error: { code: 'internal' } });
    due = ['EventsController.ask() failed'];
  });
});

describe('large JSON', () => {
  it('is answered too_large above 10 000 values', async () => {
    expect(await ask('any', Array(10_000).fill(1))).toEqual({ id: 1, data: 'object' });
    expect(await ask('any', Array(10_001).fill(1))).toEqual(tooLarge(1));
    expect(await ask('any', Array(5001).fill([1]))).toEqual(tooLarge(1));
  });

  it('is answered too_large above 256 properties in one object', async () => {
    const wide = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, at) => [`k${at}`, 1]));
    expect(await ask('any', [wide(256), wide(256)])).toEqual({ id: 1, data: 'object' });
    expect(await ask('any', [wide(256), wide(257)])).toEqual(tooLarge(1));
  });
});

describe('what a handler returns and JSON cannot hold', () => {
  it.each(['deep', 'deep list', 'returnsBigInt', 'returnsCycle', 'returnsSymbol', 'returnsFunction'])(
    'is internal: %s',
    async what => {
      await server.health();
      expect(await ask('give', what)).toEqual({
        id: 1,
        error: { code: 'internal', message: 'Internal server error' },
      });
      expect((await server.health()).stall).toBeLessThan(500);
      due = ['EventsController.give() failed'];
    },
  );
});

describe('the names that lead out of an object', () => {
  const own =
    '"__proto__":{"admin":true,"x":1},"constructor":{"prototype":{"x":1}},"prototype":{"x":1},"then":1';

  it('are stripped from a DTO', async () => {
    const answer = await askRaw(`{"event":"email","id":1,"data":{"email":"a@example.com",${own}}}`);
    expect(answer).toEqual({ id: 1, data: { email: 'a@example.com', isAdmin: false, isOwn: true } });
  });

  it('do no harm in JSON that nothing checks', async () => {
    expect(await askRaw(`{"event":"any","id":1,"data":{${own}},${own}}`)).toEqual({ id: 1, data: 'object' });
    expect(await ask('give', 'polluted')).toEqual({ id: 1, data: 'undefined' });
  });

  it('are stripped where nobody declared them', async () => {
    expect(await ask('email', { email: 'a@example.com', role: 'admin' })).toEqual({
      id: 1,
      data: { email: 'a@example.com', isAdmin: false, isOwn: true },
    });
  });
});

describe('a body that fails its DTO', () => {
  it.each([
    ['missing', undefined],
    ['null', null],
    ['a list', []],
    ['a text', 'x'],
  ])('says so when it is %s', async (_what, data) => {
    const issues = [{ path: '', rule: 'isObject', message: 'must be an object' }];
    expect(await ask('say', data)).toEqual({
      id: 1,
      error: { code: 'validation_failed', message: 'Validation failed', issues },
    });
  });

  it('is reported in ten issues and 4 KiB, without its values', async () => {
    await server.health();
    const items = Array.from({ length: 3000 }, () => ({ [SECRET]: 1 }));
    for (const data of [{ items }, { items: items.map(() => SECRET) }]) {
      const { error } = (await ask('many', data)) as { error: { code: string; issues: unknown[] } };
      expect(error.code).toBe('validation_failed');
      expect(error.issues.length).toBeLessThanOrEqual(11);
      expect(JSON.stringify(error).length).toBeLessThanOrEqual(4096);
      expect(JSON.stringify(error)).not.toContain(SECRET);
    }
    expect((await server.health()).stall).toBeLessThan(500);
  });

  it('is refused by @ArrayMaxSize before its items are looked at', async () => {
    const { error } = (await ask('few', { items: Array(3000).fill(SECRET) })) as {
      error: { issues: unknown };
    };
    expect(error.issues).toContainEqual({
      path: 'items',
      rule: 'arrayMaxSize',
      message: 'items must contain no more than 100 elements',
    });
  });

  it('is too_large where a list of any length is allowed and holds too many values', async () => {
    expect(await ask('many', { items: Array(5001).fill({ a: 1 }) })).toEqual(tooLarge(1));
  });

  it('costs little when a check reads a long text', async () => {
    await server.health();
    const { error } = (await ask('email', { email: 'a'.repeat(60_000) })) as { error: object };
    expect(error).toMatchObject({ code: 'validation_failed', issues: [{ path: 'email', rule: 'isEmail' }] });
    expect((await server.health()).stall).toBeLessThan(500);
  });
});
