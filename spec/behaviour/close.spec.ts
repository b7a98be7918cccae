import { createServer } from 'node:net';
import {
  type Application,
  BeforeHandle,
  Connection,
  createApplication,
  Injectable,
  Module,
  OnClose,
  OnMessage,
  OnOpen,
  Signal,
  WebSocketRoute,
} from 'gatewire';
import { describe, expect, it } from 'vitest';
import { memoryLogger, serve } from '../support/application.ts';
import { Child } from '../support/child.ts';
import { Client } from '../support/client.ts';
import { until, withDeadline } from '../support/deadline.ts';
import { rawUpgrade } from '../support/raw.ts';
import { Stage } from '../support/stage.ts';

const GOING_AWAY = { code: 1001, reason: 'server is closing' };

/** A controller whose message handlers, and hooks named in `held`, end when the stage says so. */
function stagedParts(stage: Stage, held: readonly string[] = []) {
  const hook = async (name: string) => (held.includes(name) ? stage.run(name) : stage.events.push(name));

  @Injectable()
  class Lifecycle {
    async onModuleDestroy() {
      await hook('onModuleDestroy');
    }

    beforeApplicationShutdown() {
      stage.events.push('beforeApplicationShutdown');
    }

    onApplicationShutdown() {
      stage.events.push('onApplicationShutdown');
    }
  }

  @WebSocketRoute('/stage')
  class StageController {
    @OnMessage()
    handle(name: string) {
      return name === 'echo' ? name : stage.run(name);
    }

    @OnClose()
    async close(code: number, reason: string) {
      await hook(`@OnClose ${code} ${reason}`);
    }
  }
  return { controllers: [StageController], providers: [Lifecycle] };
}

const CLOSED = '@OnClose 1001 server is closing';
const SHUTDOWN = ['onModuleDestroy', 'beforeApplicationShutdown', 'onApplicationShutdown'];

/** Bun answers pings by itself, so an answer says that the server read everything before. */
async function ping(client: Client): Promise<void> {
  const answered = new Promise(resolve =>
    client.socket.addEventListener('pong' as 'open', resolve, { once: true }),
  );
  (client.socket as WebSocket & { ping(): void }).ping();
  await withDeadline(answered, 3000, 'no pong');
}

describe('app.close()', () => {
  it('lets running handlers and what is queued behind them finish, then closes with 1001', async () => {
    const stage = new Stage();
    await using server = await serve(stagedParts(stage));
    await using client = await server.connect('/stage');
    for (const name of ['a', 'b', 'echo']) client.send(name);
    await stage.reached('start a');
    const closing = server.app.close();
    stage.finish('a', 'b');
    expect(await client.take(3)).toEqual(['a', 'b', 'echo']);
    expect(await client.closed()).toEqual(GOING_AWAY);
    await closing;
    expect(stage.events).toEqual(['start a', 'end a', 'start b', 'end b', CLOSED, ...SHUTDOWN]);
    expect(server.log).toEqual([]);
  });

  it('closes a connection at rest at once, also while another one’s handler runs', async () => {
    const stage = new Stage();
    await using server = await serve(stagedParts(stage));
    await using busy = await server.connect('/stage');
    await using resting = await server.connect('/stage');
    busy.send('a');
    await stage.reached('start a');
    const closing = server.app.close();
    expect(await resting.closed()).toEqual(GOING_AWAY);
    expect(stage.events).toEqual(['start a', CLOSED]);
    stage.finish('a');
    expect(await busy.next()).toBe('a');
    expect(await busy.closed()).toEqual(GOING_AWAY);
    await closing;
  });

  it('refuses upgrades with 503 and serves HTTP meanwhile', async () => {
    const stage = new Stage();
    await using server = await serve(stagedParts(stage), { fetch: () => new Response('served') });
    await using client = await server.connect('/stage');
    client.send('a');
    await stage.reached('start a');
    const closing = server.app.close();
    const response = await rawUpgrade(`${server.url}/stage`);
    expect(response.status).toBe(503);
    expect(response.headers['retry-after']).toBe('1');
    expect(response.json()).toEqual({
      statusCode: 503,
      code: 'unavailable',
      message: 'The server is closing',
    });
    expect(await (await fetch(`${server.url}/page`)).text()).toBe('served');
    stage.finish('a');
    await closing;
  });

  it('refuses an upgrade whose @BeforeHandle began before and ends after', async () => {
    const stage = new Stage();
    @WebSocketRoute('/slow')
    class SlowController {
      @BeforeHandle()
      async before() {
        await stage.run('before');
      }

      @OnOpen()
      open() {
        stage.events.push('open');
      }
    }
    const { controllers, providers } = stagedParts(stage);
    await using server = await serve({ controllers: [...controllers, SlowController], providers });
    await using client = await server.connect('/stage');
    client.send('a');
    const upgraded = rawUpgrade(`${server.url}/slow`);
    await Promise.all([stage.reached('start a'), stage.reached('start before')]);
    const closing = server.app.close();
    stage.finish('before');
    expect((await upgraded).status).toBe(503);
    stage.finish('a');
    await closing;
    expect(stage.events).not.toContain('open');
  });

  it('does not handle a message that arrives after it began', async () => {
    const stage = new Stage();
    await using server = await serve(stagedParts(stage));
    await using client = await server.connect('/stage');
    client.send('a');
    await stage.reached('start a');
    const closing = server.app.close();
    client.send('late');
    client.send('echo');
    await ping(client);
    stage.finish('a', 'late');
    // Neither answered nor refused: the close says that it was not handled.
    expect(await client.next()).toBe('a');
    expect(await client.closed()).toEqual(GOING_AWAY);
    expect(client.untaken).toEqual([]);
    await closing;
    expect(stage.events).not.toContain('start late');
  });

  it('lets a handler that awaits connection.request() have its reply', async () => {
    @WebSocketRoute('/ask')
    class AskController {
      @OnMessage('ask')
      ask(connection: Connection) {
        return connection.request('question');
      }
    }
    await using server = await serve([AskController]);
    await using client = await server.connect('/ask');
    client.send({ event: 'ask', id: 'a' });
    const { id } = (await client.next()) as { id: number };
    const closing = server.app.close();
    client.send({ id, data: 'because' });
    expect(await client.next()).toEqual({ id: 'a', data: 'because' });
    expect(await client.closed()).toEqual(GOING_AWAY);
    await closing;
  });

  it('lets an @OnOpen finish, without a message after it', async () => {
    const stage = new Stage();
    @WebSocketRoute('/open')
    class OpenController {
      @OnOpen()
      open() {
        return stage.run('open');
      }

      @OnMessage()
      handle(name: string) {
        return stage.run(name);
      }

      @OnClose()
      close(code: number) {
        stage.events.push(`close ${code}`);
      }
    }
    await using server = await serve([OpenController]);
    await using client = await server.connect('/open');
    const closing = server.app.close();
    client.send('late');
    await ping(client);
    stage.finish('open');
    expect(await client.next()).toBe('open');
    expect(await client.closed()).toEqual(GOING_AWAY);
    await closing;
    expect(stage.events).toEqual(['start open', 'end open', 'close 1001']);
  });

  it('stops streams, whose finally runs', async () => {
    const stage = new Stage();
    @WebSocketRoute('/plain')
    class PlainController {
      @OnMessage()
      async *plain(_text: string) {
        yield* endless('plain');
      }
    }
    @WebSocketRoute('/events')
    class EventsController {
      @OnMessage('stream')
      async *stream() {
        yield* endless('events');
      }
    }
    async function* endless(name: string) {
      try {
        for (;;) {
          yield 'tick';
          await new Promise(resolve => setTimeout(resolve, 1));
        }
      } finally {
        stage.events.push(`finally ${name}`);
      }
    }
    await using server = await serve([PlainController, EventsController]);
    await using plain = await server.connect('/plain');
    await using events = await server.connect('/events');
    plain.send('go');
    events.send({ event: 'stream', id: 7 });
    expect(await plain.next()).toBe('tick');
    expect(await events.next()).toEqual({ id: 7, next: 'tick' });
    await server.app.close();
    expect(await plain.closed()).toEqual(GOING_AWAY);
    expect(await events.closed()).toEqual(GOING_AWAY);
    // No {"done":true}: the stream did not end, it was cut.
    expect(events.untaken.filter(frame => String(frame).includes('done'))).toEqual([]);
    await until(() => stage.events.length === 2, 'both finally blocks');
    expect(stage.events.toSorted()).toEqual(['finally events', 'finally plain']);
  });

  it('awaits an asynchronous @OnClose before the providers shut down', async () => {
    const stage = new Stage();
    await using server = await serve(stagedParts(stage, [CLOSED]));
    await using client = await server.connect('/stage');
    const closing = server.app.close();
    expect(await client.closed()).toEqual(GOING_AWAY);
    await stage.reached(`start ${CLOSED}`);
    expect(stage.events).toEqual([`start ${CLOSED}`]);
    stage.finish(CLOSED);
    await closing;
    expect(stage.events).toEqual([`start ${CLOSED}`, `end ${CLOSED}`, ...SHUTDOWN]);
  });

  it('awaits the @OnClose of a client that left shortly before', async () => {
    const stage = new Stage();
    const left = '@OnClose 4001 bye';
    await using server = await serve(stagedParts(stage, [left]));
    const client = await server.connect('/stage');
    await client.close(4001, 'bye');
    await stage.reached(`start ${left}`);
    const closing = server.app.close();
    stage.finish(left);
    await closing;
    expect(stage.events).toEqual([`start ${left}`, `end ${left}`, ...SHUTDOWN]);
  });

  it('cuts a handler that never ends after the timeout, with one warning', async () => {
    const stage = new Stage();
    await using server = await serve(stagedParts(stage));
    await using client = await server.connect('/stage');
    client.send('a');
    client.send('b');
    await stage.reached('start a');
    await server.app.close({ timeout: 50 });
    expect(await client.closed()).toEqual(GOING_AWAY);
    expect(stage.events).toEqual(['start a', CLOSED, ...SHUTDOWN]);
    expect(server.log).toMatchObject([
      { level: 'warn', facts: { connections: 1, timeout: 50 }, message: expect.stringContaining('running') },
    ]);
    await expectFree(server);
  });

  it('aborts the signal of a handler that is cut', async () => {
    const aborted = Promise.withResolvers<void>();
    @WebSocketRoute('/abort')
    class AbortController {
      @OnMessage()
      async handle(text: string, connection: Connection, @Signal() signal: AbortSignal) {
        signal.addEventListener('abort', () => aborted.resolve());
        connection.send(text);
        await new Promise(() => {});
      }
    }
    await using server = await serve([AbortController]);
    await using client = await server.connect('/abort');
    client.send('a');
    await client.next();
    await server.app.close({ timeout: 10 });
    await withDeadline(aborted.promise, 1000, 'no abort');
  });

  it('frees the port', async () => {
    await using server = await serve(stagedParts(new Stage()));
    await using _client = await server.connect('/stage');
    await server.app.close();
    await expectFree(server);
  });

  it('closes once: a second call waits for the first', async () => {
    const stage = new Stage();
    await using server = await serve(stagedParts(stage));
    await using client = await server.connect('/stage');
    client.send('a');
    await stage.reached('start a');
    const ended: string[] = [];
    const first = server.app.close().then(() => ended.push('first'));
    const second = server.app.close({ timeout: 0 }).then(() => ended.push('second'));
    await ping(client);
    expect(ended).toEqual([]);
    stage.finish('a');
    await Promise.all([first, second]);
    expect(await client.next()).toBe('a');
    expect(stage.events).toEqual(['start a', 'end a', CLOSED, ...SHUTDOWN]);
  });

  it('runs at the end of a block with `await using`', async () => {
    const stage = new Stage();
    let client: Client;
    {
      await using app = await applicationOf(stagedParts(stage));
      await app.listen({ port: 0, hostname: '127.0.0.1' });
      client = await Client.connect(`${app.url}/stage`);
    }
    expect(stage.events).toEqual([CLOSED, ...SHUTDOWN]);
    expect(await client.closed()).toEqual(GOING_AWAY);
  });

  it('shuts down providers also where nothing was listened to', async () => {
    const stage = new Stage();
    const app = await applicationOf(stagedParts(stage));
    await app.close();
    expect(stage.events).toEqual(SHUTDOWN);
    await expect(app.listen(0)).rejects.toThrow('was closed');
  });

  it('may be called from within a handler: its reply still arrives', async () => {
    const stage = new Stage();
    let closing: Promise<void> | undefined;
    @WebSocketRoute('/last')
    class LastController {
      @OnMessage()
      last(text: string) {
        closing = server.app.close();
        return text;
      }
    }
    const { providers } = stagedParts(stage);
    await using server = await serve({ controllers: [LastController], providers });
    await using client = await server.connect('/last');
    client.send('bye');
    expect(await client.next()).toBe('bye');
    expect(await client.closed()).toEqual(GOING_AWAY);
    await closing;
    expect(stage.events).toEqual(SHUTDOWN);
  });

  it('awaited from within a handler waits for that handler, so until the timeout', async () => {
    const done = Promise.withResolvers<void>();
    @WebSocketRoute('/last')
    class LastController {
      @OnMessage()
      async last(_text: string) {
        await server.app.close({ timeout: 20 });
        done.resolve();
      }
    }
    await using server = await serve([LastController]);
    await using client = await server.connect('/last');
    client.send('bye');
    expect(await client.closed()).toEqual(GOING_AWAY);
    await withDeadline(done.promise, 3000, 'the handler did not go on');
    expect(server.log).toMatchObject([{ level: 'warn' }]);
  });

  it('logs a shutdown hook that throws, and runs the others', async () => {
    const stage = new Stage();
    @Injectable()
    class Broken {
      onModuleDestroy() {
        throw new Error('broken');
      }
    }
    const { controllers, providers } = stagedParts(stage);
    await using server = await serve({ controllers, providers: [...providers, Broken] });
    await server.app.close();
    expect(stage.events).toEqual(SHUTDOWN);
    expect(server.log).toMatchObject([{ level: 'error', facts: { error: { message: 'broken' } } }]);
    await expectFree(server);
  });
});

describe('app.listen()', () => {
  it('refuses a second call, also while the first one runs', async () => {
    await using app = await applicationOf(stagedParts(new Stage()));
    const where = { port: 0, hostname: '127.0.0.1' };
    const [first, second] = await Promise.allSettled([app.listen(where), app.listen(where)]);
    expect([first.status, second.status]).toEqual(['fulfilled', 'rejected']);
    await expect(app.listen(where)).rejects.toThrow('listens');
    await using client = await Client.connect(`${app.url}/stage`);
    client.send('echo');
    expect(await client.next()).toBe('echo');
  });

  it('names a port that is taken, and shuts the providers down again', async () => {
    await using server = await serve(stagedParts(new Stage()));
    const stage = new Stage();
    const app = await applicationOf(stagedParts(stage));
    const { port } = server.app;
    await expect(app.listen({ port, hostname: '127.0.0.1' })).rejects.toThrow(String(port));
    expect(stage.events).toEqual(SHUTDOWN);
    expect(() => app.server).toThrow('does not listen');
    await app.close();
    expect(stage.events).toEqual(SHUTDOWN);
  });

  it('fails with an onModuleInit() that fails; nothing listens and what was initialised shuts down', async () => {
    const stage = new Stage();
    @Injectable()
    class Broken {
      onModuleInit() {
        throw new Error('no database');
      }

      onModuleDestroy() {
        stage.events.push('Broken onModuleDestroy');
      }
    }
    const { controllers, providers } = stagedParts(stage);
    const app = await applicationOf({ controllers, providers: [...providers, Broken] });
    await expect(app.listen({ port: 0, hostname: '127.0.0.1' })).rejects.toThrow(
      /Broken\.onModuleInit\(\).*no database/,
    );
    expect(stage.events).toEqual(SHUTDOWN);
    expect(() => app.port).toThrow('does not listen');
  });

  it('ends with a close() that comes first: nothing is left listening', async () => {
    const stage = new Stage();
    @Injectable()
    class Slow {
      onModuleInit() {
        return stage.run('onModuleInit');
      }
    }
    const { controllers, providers } = stagedParts(stage);
    const app = await applicationOf({ controllers, providers: [...providers, Slow] });
    const listening = app.listen({ port: 0, hostname: '127.0.0.1' });
    await stage.reached('start onModuleInit');
    const closing = app.close();
    stage.finish('onModuleInit');
    await expect(listening).rejects.toThrow('closed');
    await closing;
    expect(() => app.server).toThrow('does not listen');
  });
});

describe('a signal', () => {
  const SIGNALS = [
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ] as const;

  function shutdownOf(name: string, signal: string): string[] {
    return [
      `${name} closed 1001`,
      `${name} onModuleDestroy`,
      `${name} beforeApplicationShutdown ${signal}`,
      `${name} onApplicationShutdown ${signal}`,
    ];
  }

  const stepsOf = (child: Child) => child.records.flatMap(({ step }) => (step === undefined ? [] : [step]));

  it.each(SIGNALS)('%s drains, shuts down in order and ends with exit code 0', async signal => {
    await using child = Child.bun('close-server.ts');
    const [url] = await child.value<string[]>('urls');
    await using client = await Client.connect(`${url}/work`);
    client.send({ event: 'ask', id: 1 });
    const { id } = (await client.next()) as { id: number };
    child.kill(signal);
    await refusing(url);
    client.send({ id, data: 'because' });
    expect(await client.next()).toEqual({ id: 1, data: 'because' });
    expect(await client.closed()).toEqual(GOING_AWAY);
    expect(await child.exited()).toEqual({ code: 0, signal: null });
    expect(stepsOf(child)).toEqual(['app 1 asked', ...shutdownOf('app 1', signal), 'exit 0']);
  });

  it.each(SIGNALS)('a second %s ends the process at once, with its own exit code', async (signal, code) => {
    await using child = Child.bun('close-server.ts');
    const [url] = await child.value<string[]>('urls');
    await using client = await Client.connect(`${url}/work`);
    client.send({ event: 'for ever' });
    await client.next();
    child.kill(signal);
    await refusing(url);
    child.kill(signal);
    expect(await child.exited()).toEqual({ code, signal: null });
    expect(stepsOf(child)).toEqual([`exit ${code}`]);
    expect((await client.closed()).code).toBe(1006);
  });

  it('lets a close() that runs already finish, and ends the process after it', async () => {
    await using child = Child.bun('close-server.ts');
    const [url] = await child.value<string[]>('urls');
    await using client = await Client.connect(`${url}/work`);
    client.send({ event: 'ask', id: 1 });
    const { id } = (await client.next()) as { id: number };
    await using other = await Client.connect(`${url}/work`);
    other.send({ event: 'close', id: 2 });
    expect(await other.next()).toEqual({ id: 2, data: 'closing' });
    await refusing(url);
    child.kill('SIGTERM');
    expect(await other.closed()).toEqual(GOING_AWAY);
    await rawUpgrade(`${url}/refused`);
    client.send({ id, data: 'because' });
    expect(await client.next()).toEqual({ id: 1, data: 'because' });
    expect(await client.closed()).toEqual(GOING_AWAY);
    expect(await child.exited()).toEqual({ code: 0, signal: null });
  });

  it('closes every application of the process before it ends', async () => {
    await using child = Child.bun('close-server.ts', { APPLICATIONS: '2' });
    const urls = await child.value<string[]>('urls');
    const [slow, fast] = await Promise.all(urls.map(url => Client.connect(`${url}/work`)));
    if (slow === undefined || fast === undefined) throw new Error('two applications were asked for');
    slow.send({ event: 'ask', id: 1 });
    const { id } = (await slow.next()) as { id: number };
    child.kill('SIGTERM');
    expect(await fast.closed()).toEqual(GOING_AWAY);
    await until(() => stepsOf(child).includes('app 2 onApplicationShutdown SIGTERM'), 'the second one’s end');
    slow.send({ id, data: 'because' });
    expect(await slow.next()).toEqual({ id: 1, data: 'because' });
    expect(await slow.closed()).toEqual(GOING_AWAY);
    expect(await child.exited()).toEqual({ code: 0, signal: null });
    expect(stepsOf(child)).toEqual([
      ...shutdownOf('app 2', 'SIGTERM'),
      'app 1 asked',
      ...shutdownOf('app 1', 'SIGTERM'),
      'exit 0',
    ]);
  });
});

async function applicationOf(parts: NonNullable<Parameters<typeof Module>[0]>): Promise<Application> {
  class SpecModule {}
  Module(parts)(SpecModule);
  return await createApplication(SpecModule, { logger: memoryLogger().logger });
}

/** Waits until a server has read its signal. */
async function refusing(url: string | undefined): Promise<void> {
  while ((await rawUpgrade(`${url}/refused`)).status !== 503);
}

/** Listens on the port that a closed application had. */
async function expectFree({ url }: { readonly url: string }): Promise<void> {
  const { port, hostname } = new URL(url);
  const other = createServer();
  await new Promise<void>((resolve, reject) => {
    other.on('error', reject).listen(Number(port), hostname, resolve);
  });
  await new Promise(resolve => other.close(resolve));
}
