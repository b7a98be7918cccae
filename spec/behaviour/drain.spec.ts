import { Injectable, OnClose, OnMessage, OnOpen, WebSocketRoute } from 'gatewire';
import { describe, expect, it } from 'vitest';
import { mistakesOf, serve } from '../support/application.ts';
import { Child } from '../support/child.ts';
import { Client } from '../support/client.ts';
import { withDeadline } from '../support/deadline.ts';
import { frame, OPCODES } from '../support/frames.ts';
import { openRaw, rawUpgrade } from '../support/raw.ts';
import { Stage } from '../support/stage.ts';

const GOING_AWAY = { code: 1001, reason: 'server is closing' };
const RESTART = { code: 1012, reason: 'server is restarting' };
const SHUTDOWN = ['onModuleDestroy', 'onApplicationShutdown'];

/** Controllers whose handlers, and hooks named in `held`, end when the stage says so; and a provider that they use. */
function stagedParts(stage: Stage, held: readonly string[] = []) {
  const hook = async (name: string) => (held.includes(name) ? stage.run(name) : stage.events.push(name));

  @Injectable()
  class Lifecycle {
    onModuleDestroy() {
      stage.events.push('onModuleDestroy');
    }

    onApplicationShutdown() {
      stage.events.push('onApplicationShutdown');
    }
  }

  @WebSocketRoute('/events')
  class EventsController {
    @OnMessage('echo')
    echo(text: string) {
      return text;
    }

    @OnMessage('work')
    work(name: string) {
      return stage.run(name);
    }

    @OnClose()
    async close(code: number) {
      await hook(`closed ${code}`);
    }
  }

  @WebSocketRoute('/plain')
  class PlainController {
    @OnMessage()
    echo(text: string) {
      return text;
    }
  }
  return { controllers: [EventsController, PlainController], providers: [Lifecycle] };
}

describe('app.close({ drainMs })', () => {
  it('tells events routes first, refuses upgrades, and closes with 1012', async () => {
    await using server = await serve(stagedParts(new Stage()));
    await using events = await server.connect('/events');
    await using plain = await server.connect('/plain');
    const closing = server.app.close({ drainMs: 200 });
    expect(await events.next()).toEqual({ event: '$drain', data: { within: 200 } });
    expect((await rawUpgrade(`${server.url}/plain`)).status).toBe(503);
    expect(await events.closed()).toEqual(RESTART);
    expect(await plain.closed()).toEqual(RESTART);
    expect(plain.untaken).toEqual([]);
    await closing;
  });

  it('serves a connection until it is its turn', async () => {
    await using server = await serve(stagedParts(new Stage()));
    await using first = await server.connect('/events');
    await using second = await server.connect('/events');
    const closing = server.app.close({ drainMs: 60_000 });
    expect(await first.closed()).toEqual(RESTART);
    expect(await second.request('echo', 'still here', 1)).toEqual({ id: 1, data: 'still here' });
    await second.close();
    await closing;
  });

  it('is over as soon as everybody has left', async () => {
    await using server = await serve(stagedParts(new Stage()));
    const clients = [await server.connect('/events'), await server.connect('/events')];
    const closing = server.app.close({ drainMs: 60_000 });
    for (const client of clients) {
      expect(await client.next()).toEqual({ event: '$drain', data: { within: 60_000 } });
      await client.close();
    }
    await withDeadline(closing, 2000, 'the end');
  });

  it('lets the handler of a connection finish before it closes', async () => {
    const stage = new Stage();
    await using server = await serve(stagedParts(stage));
    await using client = await server.connect('/events');
    client.send({ event: 'work', data: 'a', id: 1 });
    await stage.reached('start a');
    const closing = server.app.close({ drainMs: 10 });
    expect(await client.next()).toEqual({ event: '$drain', data: { within: 10 } });
    await rawUpgrade(`${server.url}/plain`);
    stage.finish('a');
    expect(await client.next()).toEqual({ id: 1, data: 'a' });
    expect(await client.closed()).toEqual(RESTART);
    await closing;
    expect(stage.events).toEqual(['start a', 'end a', 'closed 1012', ...SHUTDOWN]);
  });

  it('takes its default from createApplication()', async () => {
    await using server = await serve(stagedParts(new Stage()), { close: { drainMs: 10, timeout: 500 } });
    await using client = await server.connect('/plain');
    await server.app.close({ timeout: 1000, drainMs: undefined } as never);
    expect(await client.closed()).toEqual(RESTART);
  });

  it('throws for what is no time; as an option it is a configuration mistake', async () => {
    await using server = await serve(stagedParts(new Stage()));
    expect(() => server.app.close({ drainMs: -1 })).toThrow(RangeError);
    const close = { drainMs: -1, timeout: '10s', drain: 5 };
    const mistakes = await mistakesOf(stagedParts(new Stage()), { close } as never);
    expect(mistakes).toContain('createApplication() option "close"');
    for (const text of ['"drainMs"', '"timeout"', '"drain"']) expect(mistakes).toContain(text);
  });
});

describe('a handler that outlasts the timeout of app.close()', () => {
  it('is cut: @OnClose has ended before the providers are shut down', async () => {
    const stage = new Stage();
    await using server = await serve(stagedParts(stage, ['closed 1001']));
    await using client = await server.connect('/events');
    client.send({ event: 'work', data: 'a' });
    client.send({ event: 'work', data: 'b' });
    await stage.reached('start a');
    const closing = server.app.close({ timeout: 20 });
    expect(await client.closed()).toEqual(GOING_AWAY);
    await stage.reached('start closed 1001');
    stage.finish('closed 1001');
    await closing;
    const end = ['start a', 'start closed 1001', 'end closed 1001', ...SHUTDOWN];
    expect(stage.events).toEqual(end);
    // What it does later is followed by no second @OnClose, and by no message that waited behind it.
    stage.finish('a', 'b');
    await stage.reached('end a');
    expect(stage.events).toEqual([...end, 'end a']);
    expect(server.log).toMatchObject([{ level: 'warn', facts: { connections: 1, timeout: 20 } }]);
  });

  it('is cut where it is @OnOpen, too', async () => {
    const stage = new Stage();
    @WebSocketRoute('/open')
    class OpenController {
      @OnOpen()
      open() {
        return stage.run('open');
      }

      @OnClose()
      close() {
        stage.events.push('closed');
      }
    }
    await using server = await serve([OpenController]);
    await using client = await server.connect('/open');
    await stage.reached('start open');
    await server.app.close({ timeout: 20 });
    expect(await client.closed()).toEqual(GOING_AWAY);
    stage.finish('open');
    await stage.reached('end open');
    expect(stage.events).toEqual(['start open', 'closed', 'end open']);
  });

  it('is cut beside others of its connection', async () => {
    const stage = new Stage();
    @WebSocketRoute('/many', { concurrency: 3 })
    class ManyController {
      @OnMessage()
      work(name: string) {
        return stage.run(name);
      }

      @OnClose()
      close() {
        stage.events.push('closed');
      }
    }
    await using server = await serve([ManyController]);
    await using client = await server.connect('/many');
    for (const name of ['a', 'b', 'c', 'd']) client.send(name);
    await stage.reached('start c');
    await server.app.close({ timeout: 20 });
    stage.finish('a', 'b', 'c', 'd');
    await stage.reached('end c');
    expect(stage.events.filter(event => event === 'closed')).toEqual(['closed']);
    expect(stage.events).not.toContain('start d');
  });

  it('leaves an @OnClose a second, and no more', async () => {
    const stage = new Stage();
    await using server = await serve(stagedParts(stage, ['closed 1001']));
    await using client = await server.connect('/events');
    client.send({ event: 'work', data: 'a' });
    await stage.reached('start a');
    await server.app.close({ timeout: 20 });
    expect(stage.events).toEqual(['start a', 'start closed 1001', ...SHUTDOWN]);
    expect(server.log.map(({ level, message }) => `${level} ${message}`)).toEqual([
      'warn handlers were still running, or frames unsent, when the server closed',
      'warn @OnClose had not ended when the server closed',
    ]);
  });
});

/** Reads frames over bare TCP, which it does not before it is told to. */
async function slowReader(url: string) {
  const { socket } = await openRaw(url);
  socket.pause();
  return {
    send: (text: string) => socket.write(frame({ opcode: OPCODES.text, payload: text })),
    /** Reads to the end: how many bytes, and the last of them. */
    async readAll(): Promise<{ size: number; end: Buffer }> {
      let size = 0;
      let end = Buffer.alloc(0);
      const ended = Promise.withResolvers<void>();
      socket.on('data', (chunk: Buffer) => {
        size += chunk.length;
        end = Buffer.concat([end, chunk]).subarray(-64);
      });
      socket.on('error', ended.reject);
      socket.on('close', () => ended.resolve());
      socket.resume();
      await withDeadline(ended.promise, 10_000, 'the end of what was sent');
      return { size, end };
    },
  };
}

const FRAMES = 16;

describe('SIGTERM', () => {
  it('lets what was sent before go out to a slow client, then the close', async () => {
    await using child = Child.bun('drain-server.ts');
    const url = await child.value<string>('url');
    const reader = await slowReader(`${url}/big`);
    reader.send(String(FRAMES));
    expect(await child.value<number>('waits')).toBeGreaterThan(1024 * 1024);
    child.kill('SIGTERM');
    while ((await rawUpgrade(`${url}/big`)).status !== 503);
    const { size, end } = await reader.readAll();
    expect(size).toBeGreaterThan(FRAMES * 1024 * 1024);
    // 0x88, its length, 1001.
    expect(end.subarray(-2 - 2 - GOING_AWAY.reason.length)).toEqual(
      Buffer.from([0x88, 2 + GOING_AWAY.reason.length, 0x03, 0xe9, ...Buffer.from(GOING_AWAY.reason)]),
    );
    expect(await child.exited()).toEqual({ code: 0, signal: null });
  });

  it('closes as the option "close" says', async () => {
    await using child = Child.bun('drain-server.ts', { CLOSE: '{"drainMs":100}' });
    const url = await child.value<string>('url');
    await using client = await Client.connect(`${url}/work`);
    child.kill('SIGTERM');
    expect(await client.next()).toEqual({ event: '$drain', data: { within: 100 } });
    expect(await client.closed()).toEqual(RESTART);
    expect(await child.exited()).toEqual({ code: 0, signal: null });
  });

  it.each([
    ['at once', '{}', 1001],
    ['over a time', '{"drainMs":400}', 1012],
  ])(
    'under load, %s: every acknowledged message has its effect, every effect its acknowledgement',
    async (_name, close, code) => {
      await using child = Child.bun('drain-server.ts', { CLOSE: close });
      const url = await child.value<string>('url');
      const holder = await Client.connect(`${url}/work`);
      holder.send({ event: 'hold', id: 1 });
      const { id } = (await holder.next()) as { id: number };
      const acked: number[] = [];
      const clients = await Promise.all(Array.from({ length: 1000 }, () => Client.connect(`${url}/work`)));
      const ends = clients.map((client, at) => workOn(client, at * 1_000_000, acked));
      await Promise.all(ends.map(({ isWarm }) => isWarm));
      child.kill('SIGTERM');
      while ((await rawUpgrade(`${url}/work`)).status !== 503);
      const codes = await Promise.all(clients.map(async client => (await client.closed(10_000)).code));
      expect(new Set(codes)).toEqual(new Set([code]));
      holder.send({ id, data: null });
      expect((await holder.closed(10_000)).code).toBe(code);
      expect(await child.exited()).toEqual({ code: 0, signal: null });
      const effects = await child.value<number[]>('effects');
      expect(acked.length).toBeGreaterThan(clients.length * 5);
      expect(effects.toSorted(ascending)).toEqual(acked.toSorted(ascending));
    },
    30_000,
  );
});

const ascending = (one: number, other: number) => one - other;

/** Keeps three messages of a client in flight until it is closed. */
function workOn({ socket }: Client, first: number, acked: number[]): { readonly isWarm: Promise<void> } {
  const warm = Promise.withResolvers<void>();
  let next = first;
  const send = () => {
    socket.send(JSON.stringify({ event: 'add', data: next, id: next }));
    next++;
  };
  socket.addEventListener('message', ({ data }) => {
    const frame = JSON.parse(data as string) as { event?: string; data: number };
    if (frame.event !== undefined) return;
    acked.push(frame.data);
    if (next - first > 8) warm.resolve();
    send();
  });
  for (let at = 0; at < 3; at++) send();
  return { isWarm: warm.promise };
}
