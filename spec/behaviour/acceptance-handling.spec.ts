import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Client } from '../support/client.ts';
import { until } from '../support/deadline.ts';
import { closePayload, frame, OPCODES, RawClient } from '../support/frames.ts';
import { type Health, WatchedServer } from '../support/watched-server.ts';

let server: WatchedServer;
/** The lines that a spec must leave in the log, in any order: the message, and the event it was about. */
let due: string[] = [];

beforeAll(async () => {
  server = await WatchedServer.start('handling-server.ts', {
    OPTIONS: JSON.stringify({ websocket: { handlerTimeout: 1 }, limits: { upgradeTimeout: 1 } }),
  });
});
afterAll(() => server[Symbol.asyncDispose]());

afterEach(async () => {
  const expected = due.sort();
  due = [];
  const lines = await server.settle(expected.length);
  expect(
    lines.map(({ message, event }) => `${message}${event === undefined ? '' : ` (${event})`}`).sort(),
  ).toEqual(expected);
  for (const line of lines) {
    // Who is refused for its address has no connection.
    if (!('maxConnectionsPerIp' in line)) {
      expect(line).toMatchObject({ connection: expect.any(String), route: expect.any(String) });
    }
    expect(JSON.stringify(line)).not.toContain(SECRET);
  }
  expect(((await server.health()) as Health & { members: number }).members).toBe(0);
});

const SECRET = 'secret-7f3a';
const INTERNAL = { code: 'internal', message: 'Internal server error' };

async function stepsSoFar(): Promise<string[]> {
  return (await (await fetch(`${server.url}/steps`)).json()) as string[];
}

/** Lets go what hangs. */
async function letGo(): Promise<void> {
  await fetch(`${server.url}/let-go`);
}

/** Waits until hooks have done a step, and gives all steps. */
async function stepsUntil(last: string): Promise<string[]> {
  const steps: string[] = [];
  const deadline = performance.now() + 5000;
  while (!steps.includes(last)) {
    steps.push(...(await stepsSoFar()));
    if (performance.now() > deadline) throw new Error(`no step "${last}" after ${steps.join(', ')}`);
  }
  return steps;
}

describe('what a handler throws to be told', () => {
  it('is the error of the reply, by the id of the message', async () => {
    await using client = await server.connect('/ending');
    expect(await client.request('no seat', SECRET, 'seat')).toEqual({
      id: 'seat',
      error: { code: 'no_seat', message: 'nope' },
    });
    due = ['EndingController.noSeat() refused (no seat)'];
  });
});

describe('a fault in the error path', () => {
  it.each([
    ['filter throws', ['filterThrows() failed', 'filterThrows() failed']],
    ['filter rejects', ['filterRejects() failed', 'filterRejects() failed']],
    ['filter rethrows', ['filterRethrows() failed']],
    ['interceptor before', ['before() failed']],
    ['interceptor after', ['after() failed']],
    ['operator', ['operator() failed']],
    ['finally', ['finally() failed']],
    ['finalize', ['finalize() failed']],
    ['finalize after a failure', ['finalizeFailure() failed']],
  ])('is answered internal, once: %s', async (event, faults) => {
    await using client = await server.connect('/error-path');
    expect(await client.request(event, SECRET, 1)).toEqual({ id: 1, error: INTERNAL });
    expect(await client.request('alive', SECRET, 2)).toEqual({ id: 2, data: 'alive' });
    expect(client.untaken).toEqual([]);
    const [first, second] = faults;
    due = [`ErrorPathController.${first} (${event})`];
    if (second !== undefined) due.push(`the filter of ErrorPathController.${second} (${event})`);
  });

  it.each([
    ['from finalize', 'handled', 'fromFinalize() failed'],
    ['observer', 'answered already', 'observer() failed'],
    ['observer of a failure', 'answered already', 'observerOfFailure() failed'],
  ])('behind the answer costs its line only: %s', async (event, answer, fault) => {
    await using client = await server.connect('/error-path');
    expect(await client.request(event, SECRET, 1)).toEqual({ id: 1, data: answer });
    expect(await client.request('alive', SECRET, 2)).toEqual({ id: 2, data: 'alive' });
    due = [`ErrorPathController.${fault} (${event})`];
  });

  it('beside another has a line of its own', async () => {
    await using client = await server.connect('/error-path');
    const event = 'from finalize after a failure';
    expect(await client.request(event, SECRET, 1)).toEqual({ id: 1, error: INTERNAL });
    due = Array(2).fill(`ErrorPathController.fromFinalizeFailure() failed (${event})`);
  });

  it.each([
    ['is cancelled', (client: Client) => client.send({ id: 's', cancel: true })],
    ['loses its client', (client: Client) => client.socket.close()],
  ])('in a generator behind an operator is logged when the stream %s', async (_how, leave) => {
    await using client = await server.connect('/error-path');
    client.send({ event: 'piped ticks', id: 's' });
    expect(await client.next()).toEqual({ id: 's', next: 'tick' });
    leave(client);
    due = ['ErrorPathController.pipedTicks() failed (piped ticks)'];
  });

  it('in @OnClose leaves no member of a topic behind', async () => {
    const client = await server.connect('/failing-close');
    expect(await client.request('join', null, 1)).toEqual({ id: 1, data: true });
    await client.close();
    due = ['FailingCloseController.close() failed'];
  });
});

describe('connection.close()', () => {
  it('a second time does nothing, and neither does terminate()', async () => {
    const client = await server.connect('/ending');
    client.send({ event: 'close twice' });
    expect(await client.closed()).toEqual({ code: 4001, reason: 'first' });
  });

  it.each([-1, 0, 999, 1004, 1005, 1006, 1015, 2999, 5000, 1000.5])(
    'with %d is a RangeError where it is called, and nothing goes over the wire',
    async code => {
      await using client = await server.connect('/ending');
      expect(await client.request('close with', code, 1)).toEqual({
        id: 1,
        data: `RangeError: close code ${code} must not be sent: use 1000–1003, 1007–1014 or 3000–4999 (4008 and 4400–4499 are Gatewire's)`,
      });
      expect(await client.request('quickly', null, 2)).toEqual({ id: 2, data: 'quick' });
    },
  );

  it('cuts a reason to what a close frame holds, between two characters', async () => {
    const client = await server.connect('/ending');
    client.send({ event: 'close with a long reason' });
    expect(await client.closed()).toEqual({ code: 4003, reason: 'é'.repeat(61) });
  });
});

describe('guards of messages', () => {
  it('are asked about each of them, those of the class too', async () => {
    await using client = await server.connect('/guarded');
    const answers = [
      await client.request('once', SECRET, 1),
      await client.request('once', SECRET, 2),
      await client.request('always', SECRET, 3),
    ];
    expect(answers).toEqual([
      { id: 1, data: 'handled' },
      { id: 2, error: { code: 'forbidden', message: 'Forbidden' } },
      { id: 3, data: 'handled' },
    ]);
    expect(await stepsSoFar()).toEqual(['class guard: upgrade', ...Array(3).fill('class guard: message')]);
    due = ['GuardedController.once() refused (once)'];
  });

  it('are not asked any more once one of them took too long', async () => {
    await using client = await server.connect('/guarded');
    client.send({ event: 'hang', id: 1 });
    expect(await client.next(5000)).toEqual({
      id: 1,
      error: { code: 'timeout', message: 'The server took too long' },
    });
    await letGo();
    const steps = await stepsUntil('guard let go');
    await isAlive(client);
    expect([...steps, ...(await stepsSoFar())]).toEqual([
      'class guard: upgrade',
      'class guard: message',
      'hanging guard',
      'guard let go',
      'class guard: message',
    ]);
    due = ['GuardedController.hang() failed (hang)'];
  });

  it('and interceptors that took too long call no handler any more', async () => {
    await using client = await server.connect('/guarded');
    client.send({ event: 'hang around', id: 1 });
    expect(await client.next(5000)).toMatchObject({ id: 1, error: { code: 'timeout' } });
    await letGo();
    expect((await stepsUntil('interceptor let go')).slice(2)).toEqual([
      'The message is not handled any more',
      'interceptor let go',
    ]);
    due = ['GuardedController.hangAround() failed (hang around)'];
  });

  it('are not asked any more once the upgrade took too long', async () => {
    await expect(server.connect('/hanging-upgrade')).rejects.toThrow('was refused');
    await letGo();
    const steps = await stepsUntil('guard let go');
    expect((await server.health()).live).toBe(1);
    expect([...steps, ...(await stepsSoFar())]).toEqual(['hanging guard', 'guard let go']);
    due = ['the hooks of an upgrade of HangingUpgradeController took too long'];
  });

  async function isAlive(client: Client): Promise<void> {
    expect(await client.request('always', null, 9)).toEqual({ id: 9, data: 'handled' });
  }
});

describe('a clean-up that never ends', () => {
  it('has failed after handlerTimeout, and holds no place of the connection any more', async () => {
    const clients = await Promise.all(Array.from({ length: 3 }, () => server.connect('/leased')));
    await Promise.all(clients.map(client => client.close()));
    due = Array(3).fill('the clean-up of LeasedController failed');
    // That their places are free again shows at the end: a hundred connections have one each.
  });
});

describe('messages and the close behind them', () => {
  const send = (client: RawClient) => {
    const messages = [30, 1, 1].map((ms, at) =>
      JSON.stringify({ event: 'wait', data: { name: String(at + 1), ms } }),
    );
    client.write(
      ...messages.map(payload => frame({ opcode: OPCODES.text, payload })),
      frame({ opcode: OPCODES.close, payload: closePayload(4000) }),
    );
  };

  it('are handled one after another, and @OnClose is last', async () => {
    await using client = await RawClient.connect(`${server.url}/in-order`);
    send(client);
    expect(await stepsUntil('close 4000')).toEqual([
      ...['start 1', 'end 1', 'start 2', 'end 2', 'start 3', 'end 3'],
      'close 4000',
    ]);
  });

  it('with concurrency: 3 are handled side by side, and @OnClose is last', async () => {
    await using client = await RawClient.connect(`${server.url}/side-by-side`);
    send(client);
    const steps = await stepsUntil('close 4000');
    expect(steps.slice(0, 3)).toEqual(['start 1', 'start 2', 'start 3']);
    expect(steps.slice(3, 5).sort()).toEqual(['end 2', 'end 3']);
    expect(steps.slice(5)).toEqual(['end 1', 'close 4000']);
  });
});

describe('a client that vanishes while a handler waits', () => {
  it('aborts its signal; what the handler does then reaches nobody, and subscribes nothing again', async () => {
    const client = await RawClient.connect(`${server.url}/ending`);
    client.write(
      frame({ opcode: OPCODES.text, payload: JSON.stringify({ event: 'wait for the end', data: SECRET }) }),
    );
    await until(() => client.frames.length > 0, 'the handler to begin');
    client.socket.destroy();
    expect(await stepsUntil('subscribed: false')).toEqual([
      'aborted: true',
      'send: dropped',
      'subscribe: false',
      'subscribed: false',
    ]);
  });
});

describe('the id of a message', () => {
  it('closes with 4409 while it is in flight', async () => {
    await using client = await RawClient.connect(`${server.url}/ending`);
    const messages = ['slowly', 'quickly'].map(event => JSON.stringify({ event, id: 1 }));
    client.write(...messages.map(payload => frame({ opcode: OPCODES.text, payload })));
    expect((await client.closed()).code).toBe(4409);
  });

  it('is free again after its reply', async () => {
    await using client = await server.connect('/ending');
    expect(await client.request('slowly', null, 1)).toEqual({ id: 1, data: 'slow' });
    expect(await client.request('quickly', null, 1)).toEqual({ id: 1, data: 'quick' });
  });

  it.each([{}, [], null, true, 1.5, 'x'.repeat(65)])('is no scalar: %j is bad_frame', async id => {
    await using client = await server.connect('/ending');
    client.send({ event: 'quickly', id });
    expect(await client.next()).toMatchObject({ event: 'exception', data: { code: 'bad_frame' } });
    expect(await client.request('quickly', null, 2)).toEqual({ id: 2, data: 'quick' });
  });

  it.each([
    ['a reply', { id: 77, data: SECRET }],
    ['an error', { id: 77, error: { code: SECRET } }],
    ['a cancel', { id: 77, cancel: true }],
  ])('that nobody knows is not answered: %s', async (_what, envelope) => {
    await using client = await server.connect('/ending');
    client.send(envelope);
    expect(await client.request('quickly', null, 77)).toEqual({ id: 77, data: 'quick' });
    expect(client.untaken).toEqual([]);
  });
});

describe('after all of them', () => {
  it('no connection of this address is counted any more', async () => {
    const clients: Client[] = [];
    // The control client is the hundredth.
    for (let at = 0; at < 99; at++) clients.push(await server.connect('/ending'));
    await expect(server.connect('/ending')).rejects.toThrow('was refused');
    await Promise.all(clients.map(client => client.close()));
    due = [expect.stringMatching(/^an address has maxConnectionsPerIp/) as string];
  });
});
