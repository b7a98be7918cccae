import {
  Connection,
  createApplication,
  type Logger,
  Module,
  OnMessage,
  WebSocketRoute,
  WsException,
} from 'gatewire';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { Child } from '../support/child.ts';
import { Client } from '../support/client.ts';
import { until } from '../support/deadline.ts';
import { rawUpgrade } from '../support/raw.ts';

const SECRET = 'S3CR';
/** A line break, colours by ESC and by the one character that means the same, and text from right to left. */
const FORGED = 'a\n[ERROR] forged\u001b[31m\u009b31m\u202e';
const FORGED_EVENT = 'a\\u000a[ERROR] forged\\u001b[31m\\u009b31m\\u202e';

interface Logged extends AsyncDisposable {
  readonly client: Client;
  readonly url: string;
  /** What was written since it listens, once so many lines are there. */
  lines(count?: number): Promise<readonly string[]>;
}

/** A server that logs in this way, and a client of it. */
async function logTo(format: string, env: Readonly<Record<string, string>> = {}): Promise<Logged> {
  const child = Child.bun('log-server.ts', { FORMAT: format, ...env });
  const url = await child.value<string>('url');
  const headers = { 'X-Token': SECRET, Cookie: `token=${SECRET}` };
  const client = await Client.connect(`${url}/log?token=${SECRET}`, { headers });
  return {
    client,
    url,
    lines: async (count = 1) => {
      const written = () => child.lines.filter(line => !line.startsWith('{"url"'));
      await until(() => written().length >= count, `${count} lines, but ${written().join('\n')}`);
      return written();
    },
    [Symbol.asyncDispose]: async () => {
      await client.close();
      await child[Symbol.asyncDispose]();
    },
  };
}

/** Has a message fail, whose event and text are somebody's try to write a line of their own. */
async function forge({ client }: Logged): Promise<void> {
  expect(await client.request(FORGED, { token: SECRET }, SECRET)).toMatchObject({
    error: { code: 'internal' },
  });
}

const FACTS = {
  connection: expect.stringMatching(/^[0-9a-f-]{36}$/),
  route: 'LogController',
  hook: 'LogController.other()',
  event: FORGED_EVENT,
};

describe('the log as JSON', () => {
  it('is one line a fault, with nothing of the client’s that could forge another', async () => {
    await using server = await logTo('json');
    await forge(server);
    const [line = '', ...others] = await server.lines();
    expect(others).toEqual([]);
    expect(line).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(JSON.parse(line)).toEqual({
      level: 'error',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      message: 'LogController.other() failed',
      ...FACTS,
      error: { name: 'Error', message: 'broken', stack: expect.stringContaining('log-server.ts') },
    });
    expect(line).not.toContain(SECRET);
  });

  it('escapes what an error quotes', async () => {
    await using server = await logTo('json');
    await server.client.request('quote', { text: FORGED }, 1);
    const [line = '', ...others] = await server.lines();
    expect(others).toEqual([]);
    expect(line).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(JSON.parse(line).error.message).toBe(`cannot read ${FORGED}`);
  });

  it('is what is written where there is no terminal', async () => {
    await using server = await logTo('default');
    await forge(server);
    expect(JSON.parse((await server.lines())[0] ?? '')).toMatchObject(FACTS);
  });
});

describe('the log on a terminal', () => {
  it('is one line a fault, and indented below it what was thrown', async () => {
    await using server = await logTo('pretty');
    await forge(server);
    const [line = '', thrown, call, ...calls] = await server.lines(3);
    expect(line).toMatch(
      /^\d{4}-\d\d-\d\dT[\d:.]+Z ERROR LogController\.other\(\) failed connection="[0-9a-f-]{36}" route="LogController" hook="LogController\.other\(\)" event=".*"$/,
    );
    expect(line).toContain(`event=${JSON.stringify(FORGED_EVENT)}`);
    expect(thrown).toBe('    Error: broken');
    for (const each of [call, ...calls]) expect(each).toMatch(/^ {4}at .*:\d+:\d+\)$/);
    expect([line, thrown, call, ...calls].join('')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect([line, thrown, call, ...calls].join('')).not.toContain(SECRET);
  });

  it('indents and escapes what an error quotes', async () => {
    await using server = await logTo('pretty');
    await server.client.request('quote', { text: FORGED }, 1);
    const [, ...below] = await server.lines(4);
    expect(below.slice(0, 2)).toEqual([
      '    Error: cannot read a',
      '    [ERROR] forged\\u001b[31m\\u009b31m\\u202e',
    ]);
  });
});

describe('LOG_LEVEL', () => {
  it.each([
    ['error', ['quote']],
    ['WARN', ['refuse', 'quote']],
    ['silent', []],
    ['a level of somebody else', ['refuse', 'quote']],
  ])('says which lines are written: %s', async (level, events) => {
    await using server = await logTo('default', { LOG_LEVEL: level });
    await server.client.request('refuse', null, 1);
    await server.client.request('quote', { text: 'x' }, 2);
    // What was written is there once a later request is answered.
    expect((await rawUpgrade(`${server.url}/log`)).status).toBe(101);
    const lines = await server.lines(events.length);
    expect(lines.map(line => JSON.parse(line).event)).toEqual(events);
  });
});

describe('pino', () => {
  it('is a logger as it is, and writes the fields of Gatewire’s own', async () => {
    await using server = await logTo('pino');
    await forge(server);
    const [line = '', ...others] = await server.lines();
    expect(others).toEqual([]);
    expect(line).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(JSON.parse(line)).toMatchObject({
      level: pino.levels.values.error,
      msg: 'LogController.other() failed',
      ...FACTS,
      error: { name: 'Error', message: 'broken', stack: expect.stringContaining('log-server.ts') },
    });
    expect(line).not.toContain(SECRET);
  });

  @WebSocketRoute('/seats')
  class SeatsController {
    @OnMessage('take')
    take(seat: string) {
      if (seat === 'none') throw new WsException('no seat', 'no_seat');
      throw new Error('broken');
    }

    @OnMessage('leave')
    async leave(connection: Connection) {
      const left = new Promise((_, reject) => {
        connection.signal.addEventListener('abort', () => reject(new DOMException('gone', 'AbortError')));
      });
      connection.terminate();
      await left;
    }
  }

  @Module({ controllers: [SeatsController] })
  class SeatsModule {}

  /** What a pino with these options writes for a refusal, a fault, and what ends with its connection. */
  async function written(options: Parameters<typeof pino>[0]): Promise<readonly Record<string, unknown>[]> {
    const lines: Record<string, unknown>[] = [];
    const logger: Logger = pino(
      { base: null, ...options },
      { write: line => void lines.push(JSON.parse(line)) },
    );
    await using app = await createApplication(SeatsModule, { logger });
    await app.listen({ port: 0, hostname: '127.0.0.1' });
    const client = await Client.connect(`${app.url}/seats`);
    await client.request('take', 'none', 1);
    await client.request('take', 'any', 2);
    client.send({ event: 'leave' });
    await client.closed();
    return lines;
  }

  it('gets each line at its level', async () => {
    const common = { connection: expect.any(String), route: 'SeatsController' };
    const take = { ...common, hook: 'SeatsController.take()', event: 'take' };
    expect(await written({ level: 'debug' })).toMatchObject([
      {
        level: 40,
        msg: 'SeatsController.take() refused',
        ...take,
        error: { name: 'WsException', message: 'no seat' },
      },
      {
        level: 50,
        msg: 'SeatsController.take() failed',
        ...take,
        error: { name: 'Error', message: 'broken' },
      },
      { level: 20, msg: 'SeatsController.leave() ended with its connection', ...common, event: 'leave' },
    ]);
    expect(await written({})).toHaveLength(2);
  });

  it('writes errors by a serializer of its own, where it has one', async () => {
    const [, fault] = await written({ serializers: { error: pino.stdSerializers.err } });
    expect(fault).toMatchObject({ error: { type: 'Error', message: 'broken' } });
  });
});
