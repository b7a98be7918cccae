import {
  Connection,
  MessageBody,
  OnClose,
  OnMessage,
  OnOpen,
  type RouteOptions,
  WebSocketRoute,
} from 'gatewire';
import { describe, expect, it } from 'vitest';
import { serve } from '../support/application.ts';
import { until } from '../support/deadline.ts';
import { ping } from '../support/ping.ts';
import { Stage } from '../support/stage.ts';

/** A close whose hook waits on the stage too. */
const STAGED_CODE = 4001;

function stagedController(stage: Stage, options: RouteOptions = {}, openName?: string) {
  @WebSocketRoute('/stage', options)
  class StageController {
    @OnOpen()
    async open() {
      if (openName !== undefined) await stage.run(openName);
    }

    @OnMessage()
    handle(name: string) {
      return name.startsWith('sync') ? name : stage.run(name);
    }

    @OnClose()
    async close(code: number) {
      if (code === STAGED_CODE) await stage.run(`close ${code}`);
    }
  }
  return StageController;
}

describe('messages of a connection', () => {
  it('are handled one after another, replies in order', async () => {
    const stage = new Stage();
    await using server = await serve([stagedController(stage)]);
    await using client = await server.connect('/stage');
    for (const name of ['a', 'b', 'sync']) client.send(name);
    for (const name of ['b', 'a']) stage.finish(name);
    expect(await client.take(3)).toEqual(['a', 'b', 'sync']);
    expect(stage.events).toEqual(['start a', 'end a', 'start b', 'end b']);
  });

  it('wait for an asynchronous @OnOpen', async () => {
    const stage = new Stage();
    await using server = await serve([stagedController(stage, {}, 'open')]);
    await using client = await server.connect('/stage');
    client.send('a');
    client.send('sync');
    await ping(client);
    expect(stage.events).toEqual(['start open']);
    for (const name of ['open', 'a']) stage.finish(name);
    expect(await client.take(2)).toEqual(['a', 'sync']);
    expect(stage.events).toEqual(['start open', 'end open', 'start a', 'end a']);
  });

  it('are handled before @OnClose when the client leaves, all of them', async () => {
    const stage = new Stage();
    await using server = await serve([stagedController(stage)]);
    const client = await server.connect('/stage');
    for (const name of ['a', 'b', 'c']) client.send(name);
    await client.close(STAGED_CODE);
    for (const name of ['a', 'b', 'c', 'close 4001']) stage.finish(name);
    await until(() => stage.events.at(-1) === 'end close 4001', 'the end');
    expect(stage.events).toEqual(
      ['a', 'b', 'c', 'close 4001'].flatMap(name => [`start ${name}`, `end ${name}`]),
    );
  });

  it('run side by side up to the route’s concurrency', async () => {
    const stage = new Stage();
    await using server = await serve([stagedController(stage, { concurrency: 2 })]);
    await using client = await server.connect('/stage');
    for (const name of ['a', 'b', 'c']) client.send(name);
    await ping(client);
    expect(stage.events).toEqual(['start a', 'start b']);
    stage.finish('b');
    expect(await client.next()).toBe('b');
    expect(stage.events).toEqual(['start a', 'start b', 'end b', 'start c']);
    for (const name of ['a', 'c']) stage.finish(name);
  });

  it('are not handled any more once the server closed the connection, and @OnClose waits for the running one', async () => {
    const events: string[] = [];
    const gate = Promise.withResolvers<void>();
    @WebSocketRoute('/leave')
    class LeaveController {
      @OnMessage()
      async leave(text: string, connection: Connection) {
        events.push(`start ${text}`);
        await gate.promise;
        connection.close(4002, 'enough');
        events.push(`end ${text}`);
      }

      @OnClose()
      close(code: number, reason: string) {
        events.push(`close ${code} ${reason}`);
      }
    }
    await using server = await serve([LeaveController]);
    await using client = await server.connect('/leave');
    client.send('a');
    client.send('b');
    await ping(client);
    gate.resolve();
    expect(await client.closed()).toEqual({ code: 4002, reason: 'enough' });
    await until(() => events.length === 3, 'three events');
    expect(events).toEqual(['start a', 'end a', 'close 4002 enough']);
  });
});

describe('@OnClose', () => {
  it('runs once when handler and client close at the same time', async () => {
    let calls = 0;
    @WebSocketRoute('/both')
    class BothController {
      @OnMessage()
      leave(_text: string, connection: Connection) {
        connection.close(4000);
        connection.close(4001);
        connection.terminate();
      }

      @OnClose()
      close() {
        calls++;
      }
    }
    await using server = await serve([BothController]);
    await using client = await server.connect('/both');
    client.send('go');
    await Promise.all([client.closed(), client.close(4005)]);
    await server.app.close();
    expect(calls).toBe(1);
  });

  it('sees the signal aborted and the connection closed', async () => {
    const seen = Promise.withResolvers<unknown>();
    @WebSocketRoute('/signal')
    class SignalController {
      @OnClose()
      close(connection: Connection, signal: AbortSignal) {
        seen.resolve([
          signal.aborted,
          connection.readyState,
          connection.send('late'),
          connection.subscribe('x'),
        ]);
      }
    }
    await using server = await serve([SignalController]);
    const client = await server.connect('/signal');
    await client.close();
    expect(await seen.promise).toEqual([true, 3, 'dropped', false]);
  });
});

describe('a flood', () => {
  const MESSAGES = 5000;

  it('pauses the socket above maxPending, and loses and reorders nothing', async () => {
    const gate = Promise.withResolvers<void>();
    const seen: number[] = [];
    let held: Connection | undefined;
    @WebSocketRoute('/flood', { maxPending: 8, rateLimit: false })
    class FloodController {
      @OnMessage()
      async count(@MessageBody(() => Object) body: { at: number }, connection: Connection) {
        held = connection;
        if (body.at === 0) await gate.promise;
        seen.push(body.at);
      }

      @OnClose()
      close() {
        seen.push(-1);
      }
    }
    await using server = await serve([FloodController]);
    await using client = await server.connect('/flood');
    const padding = 'x'.repeat(1000);
    for (let at = 0; at < MESSAGES; at++) client.send({ at, padding });
    client.socket.close();
    await until(() => held?.raw.isPaused === true, 'the pause');
    gate.resolve();
    await until(() => seen.at(-1) === -1, 'every message and the close', 10_000);
    expect(seen).toEqual([...Array(MESSAGES).keys(), -1]);
  });
});

describe('a handler that asks its own client', () => {
  @WebSocketRoute('/ask', { maxPending: 4 })
  class AskController {
    @OnMessage('ask')
    async ask(@MessageBody() question: string, connection: Connection) {
      return `${question}: ${await connection.request<string>('question', question)}`;
    }

    @OnMessage('note')
    note() {
      return 'noted';
    }
  }

  it('gets the reply that arrives behind queued messages', async () => {
    await using server = await serve([AskController]);
    await using client = await server.connect('/ask');
    client.send({ event: 'ask', data: 'why', id: 1 });
    client.send({ event: 'note', id: 2 });
    const question = (await client.next()) as { id: number };
    expect(question).toEqual({ event: 'question', data: 'why', id: 1 });
    client.send({ id: question.id, data: 'because' });
    expect(await client.take(2)).toEqual([
      { id: 1, data: 'why: because' },
      { id: 2, data: 'noted' },
    ]);
  });

  it('gets it even where more than maxPending messages came before', async () => {
    await using server = await serve([AskController]);
    await using client = await server.connect('/ask');
    client.send({ event: 'ask', data: 'why', id: 1 });
    const question = (await client.next()) as { id: number };
    for (let id = 2; id < 14; id++) client.send({ event: 'note', id });
    client.send({ id: question.id, data: 'because' });
    expect(await client.next()).toEqual({ id: 1, data: 'why: because' });
    expect(await client.take(12)).toHaveLength(12);
  });

  it('is closed with 1013 above four times maxPending', async () => {
    await using server = await serve([AskController]);
    await using client = await server.connect('/ask');
    client.send({ event: 'ask', data: 'why', id: 1 });
    await client.next();
    for (let id = 2; id < 40; id++) client.send({ event: 'note', id });
    expect(await client.closed()).toMatchObject({ code: 1013 });
  });

  it('may ask in @OnOpen', async () => {
    @WebSocketRoute('/hello')
    class HelloController {
      @OnOpen()
      async open(connection: Connection) {
        connection.data.name = await connection.request('name');
      }

      @OnMessage('who')
      who(connection: Connection) {
        return connection.data.name;
      }
    }
    await using server = await serve([HelloController]);
    await using client = await server.connect('/hello');
    client.send({ event: 'who', id: 'w' });
    const { id } = (await client.next()) as { id: number };
    client.send({ id, data: 'Ada' });
    expect(await client.next()).toEqual({ id: 'w', data: 'Ada' });
  });

  it('that leaves ends the handler without a line above debug', async () => {
    @WebSocketRoute('/gone')
    class GoneController {
      @OnMessage('ask')
      ask(connection: Connection) {
        return connection.request('question');
      }
    }
    await using server = await serve([GoneController]);
    const client = await server.connect('/gone');
    client.send({ event: 'ask', id: 1 });
    await client.next();
    await client.close();
    await until(() => server.log.length === 1, 'the line');
    expect(server.log).toMatchObject([{ level: 'debug', facts: { hook: 'GoneController.ask()' } }]);
  });

  it('gets the client’s error, a timeout, or the close', async () => {
    const results: unknown[] = [];
    @WebSocketRoute('/fails')
    class FailsController {
      @OnMessage('ask')
      async ask(connection: Connection) {
        try {
          await connection.request('question', null, { timeout: 50 });
        } catch (error) {
          results.push({ ...(error as object), message: (error as Error).message });
        }
      }
    }
    await using server = await serve([FailsController]);
    await using client = await server.connect('/fails');
    client.send({ event: 'ask', id: 1 });
    const { id } = (await client.next()) as { id: number };
    client.send({ id, error: { code: 'no_idea', message: 'I do not know' } });
    await client.next();
    client.send({ event: 'ask', id: 2 });
    await client.take(2);
    client.send({ event: 'ask', id: 3 });
    await client.next();
    await client.close();
    await until(() => results.length === 3, 'three results');
    expect(results).toMatchObject([
      { code: 'no_idea', message: 'I do not know' },
      { code: 'timeout', message: 'the client did not answer "question" within 50 ms' },
      { code: 'closed', message: 'the connection closed before "question" was answered' },
    ]);
  });
});
