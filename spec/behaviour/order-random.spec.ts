import fc from 'fast-check';
import {
  BeforeHandle,
  Connection,
  Handshake,
  OnClose,
  OnMessage,
  OnOpen,
  Query,
  WebSocketRoute,
} from 'gatewire';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Running, serve } from '../support/application.ts';
import { until } from '../support/deadline.ts';
import { PROPERTY_TIMEOUT, parameters } from '../support/property.ts';

/** How long a hook works: not at all, a microtask, a turn of the event loop, or so many milliseconds. */
type Work = 'sync' | 'microtask' | 'turn' | number;

/** One message: how its handler works, and whether it ends the connection before or after that. */
interface Task {
  readonly work: Work;
  readonly ends?: 'close before' | 'close after' | 'terminate before' | 'terminate after' | 'throw';
}

interface Seen {
  /** `open`, `opened`, `start 0`, `end 0`, … `close`, `closed`, as they happened. */
  readonly steps: string[];
}

/** What each connection was seen to do, by the number in its query. */
const seen = new Map<string, Seen>();

function perform(work: Work): void | Promise<void> {
  if (work === 'sync') return;
  if (work === 'microtask') return Promise.resolve();
  return new Promise(resolve => {
    if (work === 'turn') setImmediate(resolve);
    else setTimeout(resolve, work);
  });
}

function end(connection: Connection<Seen>, how: string): void {
  if (how.startsWith('close')) connection.close(4000);
  else connection.terminate();
}

class Hooks {
  @BeforeHandle()
  before(handshake: Handshake<Seen>, @Query('name') name: string) {
    handshake.data = { steps: [] };
    seen.set(name, handshake.data);
  }

  @OnOpen()
  async open({ data }: Connection<Seen>, @Query('open') work: string) {
    data.steps.push('open');
    await perform(JSON.parse(work));
    data.steps.push('opened');
  }

  @OnMessage()
  handle(message: string, connection: Connection<Seen>) {
    const { n, work, ends = '' } = JSON.parse(message) as Task & { n: number };
    const { steps } = connection.data;
    const finish = () => {
      if (ends.endsWith('after')) end(connection, ends);
      steps.push(`end ${n}`);
      if (ends === 'throw') throw new Error('broken');
      return n;
    };
    steps.push(`start ${n}`);
    if (ends.endsWith('before')) end(connection, ends);
    const working = perform(work);
    return working === undefined ? finish() : working.then(finish);
  }

  @OnClose()
  async close({ data }: Connection<Seen>, @Query('close') work: string) {
    data.steps.push('close');
    await perform(JSON.parse(work));
    data.steps.push('closed');
  }
}

@WebSocketRoute('/1', { maxPending: 4 })
class SerialController extends Hooks {}

@WebSocketRoute('/2', { concurrency: 2, maxPending: 4 })
class TwoController extends Hooks {}

@WebSocketRoute('/3', { concurrency: 3 })
class ThreeController extends Hooks {}

const works = fc.oneof(
  fc.constantFrom<Work>('sync', 'sync', 'microtask', 'turn'),
  fc.integer({ min: 0, max: 3 }),
);
const task = fc.record<Task>(
  { work: works, ends: fc.constant('throw' as const) },
  { requiredKeys: ['work'] },
);
const ending = fc.constantFrom(
  'client closes',
  'client vanishes',
  'close before',
  'close after',
  'terminate before',
  'terminate after',
);
const visits = fc.record({
  concurrency: fc.constantFrom(1, 2, 3),
  open: works,
  close: works,
  tasks: fc.array(task, { minLength: 1, maxLength: 12 }),
  ending,
});

describe('messages of random length', { timeout: PROPERTY_TIMEOUT }, () => {
  let running: Running;
  let visit = 0;

  beforeAll(async () => {
    running = await serve([SerialController, TwoController, ThreeController]);
  });
  afterAll(() => running[Symbol.asyncDispose]());

  it('are handled in order, between the end of @OnOpen and the one @OnClose', async () => {
    const check = fc.asyncProperty(fc.array(visits, { minLength: 1, maxLength: 4 }), async list => {
      await Promise.all(list.map(each => pay(each)));
      expect(running.app.server.pendingWebSockets).toBe(0);
    });
    await fc.assert(check, parameters(60));
  });

  async function pay({ concurrency, open, close, tasks, ending }: Visit): Promise<void> {
    const name = String(visit++);
    const query = new URLSearchParams({ name, open: JSON.stringify(open), close: JSON.stringify(close) });
    const client = await running.connect(`/${concurrency}?${query}`);
    const isByServer = !ending.startsWith('client');
    for (const [n, each] of tasks.entries()) {
      const isLast = isByServer && n === tasks.length - 1;
      client.send(JSON.stringify({ n, ...each, ...(isLast && { ends: ending }) }));
    }
    if (ending === 'client closes') client.socket.close(1000);
    if (ending === 'client vanishes') client.socket.terminate();
    await until(() => seen.get(name)?.steps.at(-1) === 'closed', `the @OnClose of ${name}`);
    const { steps = [] } = seen.get(name) ?? {};
    judge(steps, { concurrency, tasks, ending });
  }
});

type Visit = typeof visits extends fc.Arbitrary<infer Value> ? Value : never;

function judge(
  steps: readonly string[],
  { concurrency, tasks, ending }: Pick<Visit, 'concurrency' | 'tasks' | 'ending'>,
): void {
  expect(steps.slice(0, 2)).toEqual(['open', 'opened']);
  expect(steps.slice(-2)).toEqual(['close', 'closed']);
  const between = steps.slice(2, -2);
  const starts = between.filter(step => step.startsWith('start')).map(numberOf);
  const ends = between.filter(step => step.startsWith('end')).map(numberOf);
  expect(starts).toEqual(starts.map((_, at) => at));
  expect(ends.toSorted((one, other) => one - other)).toEqual(starts);
  expect(mostAtOnce(between)).toBeLessThanOrEqual(concurrency);
  // What a client had sent before it left in order is handled; one that vanishes takes along what was on its way.
  if (ending !== 'client vanishes') expect(starts).toHaveLength(tasks.length);
}

function numberOf(step: string): number {
  return Number(step.split(' ')[1]);
}

function mostAtOnce(steps: readonly string[]): number {
  let now = 0;
  return Math.max(0, ...steps.map(step => (now += step.startsWith('start') ? 1 : -1)));
}
