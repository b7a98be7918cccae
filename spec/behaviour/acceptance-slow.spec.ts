import type { Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Client } from '../support/client.ts';
import { until } from '../support/deadline.ts';
import { connectUnreading, frame, OPCODES, readFrames } from '../support/frames.ts';
import { type Health, WatchedServer } from '../support/watched-server.ts';

/** Of 10 KiB: 50 MB. */
const COUNT = 5000;
const FRAME = 10 * 1024 + 64;
const LIMIT = 2 ** 20;

interface FeedHealth extends Health {
  /** The most bytes that ever waited for a listener. */
  readonly mostWaiting: number;
  /** How many frames had been published when a listener closed first. */
  readonly firstLeft: number;
  readonly members: number;
}

let server: WatchedServer;

beforeAll(async () => {
  server = await WatchedServer.start('feed-server.ts');
});
afterAll(() => server[Symbol.asyncDispose]());

afterEach(async () => {
  expect(await server.settle()).toEqual([]);
  expect((await health()).members).toBe(0);
});

async function health(): Promise<FeedHealth> {
  return (await server.health()) as FeedHealth;
}

/** A client that reads all it is sent, and keeps the numbers of the frames. */
async function listen(): Promise<{ readonly client: Client; readonly numbers: () => number[] }> {
  const client = await server.connect('/feed');
  expect(await client.request('listen', null, 1)).toEqual({ id: 1, data: true });
  const numbers = () => client.untaken.map(text => (JSON.parse(text as string) as { at: number }).at);
  return { client, numbers };
}

/** A client that listens and reads nothing. */
async function listenUnreading(path: string): Promise<Socket> {
  const before = (await health()).opened;
  const socket = await connectUnreading(server.url + path);
  await untilHealth(({ opened }) => opened > before, 'the connection');
  socket.write(frame({ opcode: OPCODES.text, payload: '{"event":"listen"}' }));
  return socket;
}

async function untilHealth(condition: (health: FeedHealth) => boolean, what: string): Promise<void> {
  const deadline = performance.now() + 5000;
  while (!condition(await health())) {
    if (performance.now() > deadline) throw new Error(`no ${what}`);
  }
}

/** Publishes all frames, and gives what each that still listens has lost. */
async function publish(): Promise<unknown> {
  await using client = await server.connect('/publisher');
  client.send({ event: 'publish', data: COUNT, id: 1 });
  return ((await client.next(30_000)) as { data: unknown }).data;
}

const EVERY = Array.from({ length: COUNT }, (_, at) => at);

describe('a client that reads nothing while 50 MB are published', () => {
  it("is gone with slowConsumer: 'close', and what waited for it stayed within the limit", {
    timeout: 40_000,
  }, async () => {
    const { client, numbers } = await listen();
    const slow = await listenUnreading('/feed');
    await untilHealth(({ live }) => live === 3, 'the two listeners');
    expect(await publish()).toEqual([0]);
    expect((await health()).firstLeft).toBeLessThan(COUNT / 2);
    await until(() => client.untaken.length === COUNT, 'every frame', 10_000);
    expect(numbers()).toEqual(EVERY);
    expect((await health()).mostWaiting).toBeLessThanOrEqual(LIMIT + FRAME);
    slow.destroy();
    await client.close();
  });

  it("loses counted frames with slowConsumer: 'drop', and gets the others in order", {
    timeout: 40_000,
  }, async () => {
    const { client, numbers } = await listen();
    const slow = await listenUnreading('/lossy-feed');
    await untilHealth(({ live }) => live === 3, 'the two listeners');
    const [lost, dropped] = (await publish()) as [number, number];
    await until(() => client.untaken.length === COUNT, 'every frame', 10_000);
    expect([lost, numbers()]).toEqual([0, EVERY]);
    expect(dropped).toBeGreaterThan(0);
    expect((await health()).mostWaiting).toBeLessThanOrEqual(LIMIT + FRAME);
    const received = await readNumbers(slow, COUNT - dropped);
    expect(received).toEqual(received.toSorted((a, b) => a - b));
    slow.destroy();
    await client.close();
  });

  /** Reads on until so many frames have arrived, and fails where there is another. */
  async function readNumbers(slow: Socket, count: number): Promise<number[]> {
    const chunks: Buffer[] = [];
    slow.on('data', (chunk: Buffer) => chunks.push(chunk));
    slow.resume();
    let bytes = -1;
    const texts = () => {
      const received = Buffer.concat(chunks);
      // Behind the 101.
      return readFrames(received.subarray(received.indexOf('\r\n\r\n') + 4)).map(
        ({ payload }) => `${payload}`,
      );
    };
    await until(
      () => {
        const total = chunks.reduce((sum, { length }) => sum + length, 0);
        const isQuiet = total === bytes;
        bytes = total;
        return isQuiet && texts().length >= count + 1;
      },
      `the ${count} frames`,
      10_000,
    );
    const [listening, ...frames] = texts().map(text => JSON.parse(text));
    expect([listening, frames.length]).toEqual([{ event: 'listen', data: true }, count]);
    return frames.map(({ at }) => at);
  }
});
