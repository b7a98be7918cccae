import { Module } from 'gatewire';
import { Test } from 'gatewire/testing';
import { describe, expect, it } from 'vitest';
import { mistakesOf, serve } from '../support/application.ts';
import { Child } from '../support/child.ts';
import { Client } from '../support/client.ts';
import { until } from '../support/deadline.ts';
import { rawUpgrade } from '../support/raw.ts';

const GOING_AWAY = { code: 1001, reason: 'server is closing' };
const ENDED = { code: 1, signal: null };

const start = (env: Readonly<Record<string, string>> = {}) => Child.bun('fatal-server.ts', env);
const stepsOf = (child: Child) => child.records.flatMap(({ step }) => (step === undefined ? [] : [step]));
const logOf = (child: Child) => child.records.filter(({ level }) => level !== undefined);

async function connect(child: Child, at = 0): Promise<Client> {
  const urls = await child.value<string[]>('urls');
  return Client.connect(`${urls[at]}/work`);
}

/** Waits until a server lets nobody in any more. */
async function refusing(child: Child): Promise<void> {
  const [url] = await child.value<string[]>('urls');
  while ((await rawUpgrade(`${url}/work`)).status !== 503);
}

async function letEscape(client: Client, how = 'timer throws'): Promise<void> {
  client.send({ event: 'escape', data: how, id: 'escape' });
  expect(await client.next()).toEqual({ id: 'escape', data: 'escaped' });
}

/** The line of an error that came by an event of the process. */
function lineOf(origin: string, message: string, level = 'fatal') {
  return {
    level,
    time: expect.any(String),
    message,
    origin,
    error: {
      name: 'Error',
      message: 'nobody caught this',
      stack: expect.stringContaining('fatal-server.ts'),
    },
  };
}

const EXIT_LINE = lineOf('uncaughtException', 'an uncaught exception ends the process');

describe('an error that nobody caught', () => {
  it.each([
    ['timer throws', EXIT_LINE],
    ['promise rejects', lineOf('unhandledRejection', 'an unhandled rejection ends the process')],
  ])('is one line, drains the application and ends with exit code 1: %s', async (how, line) => {
    await using child = start();
    await using busy = await connect(child);
    await using other = await connect(child);
    busy.send({ event: 'ask', id: 1 });
    const { id } = (await busy.next()) as { id: number };
    await letEscape(other, how);
    expect(await other.closed()).toEqual(GOING_AWAY);
    await refusing(child);
    busy.send({ id, data: 'because' });
    expect(await busy.next()).toEqual({ id: 1, data: 'because' });
    expect(await busy.closed()).toEqual(GOING_AWAY);
    expect(await child.exited()).toEqual(ENDED);
    expect(logOf(child)).toEqual([line]);
    expect(stepsOf(child)).toEqual([
      'app 1 closed 1001',
      'app 1 closed 1001',
      'app 1 onModuleDestroy',
      'exit 1',
    ]);
  });

  it('may be no error at all', async () => {
    await using child = start();
    await using client = await connect(child);
    await letEscape(client, 'timer throws undefined');
    expect(await child.exited()).toEqual(ENDED);
    expect(logOf(child)).toMatchObject([
      { level: 'fatal', error: { name: 'undefined', message: 'undefined' } },
    ]);
  });

  it('ends the process at once where another one is on its way to the end', async () => {
    await using child = start();
    await using busy = await connect(child);
    busy.send({ event: 'ask', id: 1 });
    await busy.next();
    await using other = await connect(child);
    other.send({ event: 'escape', data: 'timer throws' });
    other.send({ event: 'escape', data: 'timer throws' });
    expect(await child.exited()).toEqual(ENDED);
    expect(stepsOf(child)).not.toContain('app 1 onModuleDestroy');
    expect(logOf(child)).toEqual([
      EXIT_LINE,
      lineOf('uncaughtException', 'an uncaught exception on the way to the end: the process ends at once'),
    ]);
  });

  it('does so from a shutdown hook too', async () => {
    await using child = start({ SHUTDOWN: 'throws' });
    await using client = await connect(child);
    await letEscape(client);
    expect(await child.exited()).toEqual(ENDED);
    expect(logOf(child)).toHaveLength(2);
  });

  it('gives a process that a signal closes already the exit code 1', async () => {
    await using child = start();
    await using client = await connect(child);
    client.send({ event: 'ask and escape', id: 1 });
    const first = (await client.next()) as { id: number };
    child.kill('SIGTERM');
    await refusing(child);
    client.send({ id: first.id, data: 'because' });
    const second = (await client.next()) as { id: number };
    await until(() => logOf(child).length === 1, 'the line of the error');
    client.send({ id: second.id, data: 'that is why' });
    expect(await client.next()).toEqual({ id: 1, data: 'that is why' });
    expect(await child.exited()).toEqual(ENDED);
    expect(logOf(child)).toEqual([EXIT_LINE]);
  });

  it('closes every application of the process before it ends', async () => {
    await using child = start({ APPLICATIONS: '2' });
    await using slow = await connect(child, 0);
    await using fast = await connect(child, 1);
    slow.send({ event: 'ask', id: 1 });
    const { id } = (await slow.next()) as { id: number };
    await letEscape(fast);
    expect(await fast.closed()).toEqual(GOING_AWAY);
    await until(() => stepsOf(child).includes('app 2 onModuleDestroy'), 'the second one’s end');
    slow.send({ id, data: 'because' });
    expect(await slow.next()).toEqual({ id: 1, data: 'because' });
    expect(await child.exited()).toEqual(ENDED);
    expect(stepsOf(child).slice(-3)).toEqual(['app 1 closed 1001', 'app 1 onModuleDestroy', 'exit 1']);
    expect(logOf(child)).toEqual([EXIT_LINE, EXIT_LINE]);
  });
});

describe('onFatal', () => {
  it.each(['uncaughtException', 'unhandledRejection uncaughtException'])(
    'leaves errors to a program that listens for them itself: %s',
    async events => {
      await using child = start({ LISTENS: events });
      await using client = await connect(child);
      await letEscape(client);
      await until(() => stepsOf(child).length === 1, 'the program’s own listener');
      // The process goes on.
      await letEscape(client);
      await until(() => stepsOf(child).length === 2, 'the program’s own listener again');
      expect(stepsOf(child)).toContain("the program's own: nobody caught this");
      expect(logOf(child)[0]).toEqual(
        lineOf('uncaughtException', "an uncaught exception is left to the program's own listener", 'error'),
      );
    },
  );

  it('leaves a rejection to a program that listens for exceptions, as Node does', async () => {
    await using child = start({ LISTENS: 'uncaughtException' });
    await using client = await connect(child);
    await letEscape(client, 'promise rejects');
    await letEscape(client, 'promise rejects');
    await until(() => logOf(child).length === 2, 'both lines');
    expect(logOf(child)).toMatchObject([{ level: 'error' }, { level: 'error' }]);
  });

  it("'exit' ends the process whoever else listens", async () => {
    await using child = start({ ON_FATAL: 'exit', LISTENS: 'uncaughtException' });
    await using client = await connect(child);
    await letEscape(client);
    expect(await child.exited()).toEqual(ENDED);
    expect(logOf(child)).toEqual([EXIT_LINE]);
  });

  it.each(['log', 'stays'])(
    "'log' lets the process go on, as an option and as an answer: %s",
    async onFatal => {
      await using child = start({ ON_FATAL: onFatal });
      await using client = await connect(child);
      const level = onFatal === 'log' ? 'error' : 'fatal';
      await letEscape(client);
      await until(() => logOf(child).length === 1, 'the first line');
      await letEscape(client, 'promise rejects');
      await until(() => logOf(child).length === 2, 'the second line');
      expect(logOf(child)).toEqual([
        lineOf('uncaughtException', 'an uncaught exception', level),
        lineOf('unhandledRejection', 'an unhandled rejection', level),
      ]);
      await letEscape(client);
      expect(child.isRunning).toBe(true);
    },
  );

  it('tells a function of the error, then closes and ends', async () => {
    await using child = start({ ON_FATAL: 'observes' });
    await using client = await connect(child);
    await letEscape(client);
    expect(await client.closed()).toEqual(GOING_AWAY);
    expect(await child.exited()).toEqual(ENDED);
    expect(stepsOf(child)).toEqual([
      'told of uncaughtException: nobody caught this',
      'app 1 closed 1001',
      'app 1 onModuleDestroy',
      'exit 1',
    ]);
  });

  it('ends the process where that function fails itself', async () => {
    await using child = start({ ON_FATAL: 'throws' });
    await using client = await connect(child);
    await letEscape(client);
    expect(await child.exited()).toEqual(ENDED);
    expect(logOf(child)).toMatchObject([
      { message: 'an uncaught exception' },
      { message: 'onFatal failed', error: { message: 'the handler failed' } },
    ]);
  });

  it('false leaves errors to the process, which ends without a close frame', async () => {
    await using child = start({ ON_FATAL: 'false' });
    await using client = await connect(child);
    client.send({ event: 'escape', data: 'timer throws' });
    expect(await child.exited()).toEqual(ENDED);
    expect((await client.closed()).code).toBe(1006);
    expect(logOf(child)).toEqual([]);
    expect(stepsOf(child)).toEqual(['exit 1']);
  });

  it('is for as long as the application listens', async () => {
    await using child = start();
    await using client = await connect(child);
    client.send({ event: 'close and escape' });
    expect(await child.exited()).toEqual(ENDED);
    expect(stepsOf(child)).toEqual(['app 1 closed 1001', 'app 1 onModuleDestroy', 'exit 1']);
    expect(logOf(child)).toEqual([]);
  });

  it('is a configuration mistake where it is none of these', async () => {
    await expect(mistakesOf([], { onFatal: 'close' as 'exit' })).resolves.toContain(
      `createApplication(): option "onFatal" has a value it cannot take (got "close"). Give it 'exit', 'log', false or a function`,
    );
  });
});

describe('the listeners of the process', () => {
  const count = () =>
    process.listenerCount('uncaughtException') + process.listenerCount('unhandledRejection');

  it('are there from listen() to the end of close()', async () => {
    const before = count();
    await using server = await serve([]);
    expect(count()).toBe(before + 2);
    await server.app.close();
    expect(count()).toBe(before);
  });

  it('are none of a test kit’s, unless asked for: the test runner has its own', async () => {
    @Module({})
    class EmptyModule {}
    const before = count();
    await using app = await Test.createTestingModule({ imports: [EmptyModule] }).compile();
    await app.listen();
    expect(count()).toBe(before);
    await using other = await Test.createTestingModule({ imports: [EmptyModule] }).compile({
      onFatal: 'log',
    });
    await other.listen();
    expect(count()).toBe(before + 2);
  });
});
