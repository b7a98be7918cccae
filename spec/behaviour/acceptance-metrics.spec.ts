import type { Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Child } from '../support/child.ts';
import { Client } from '../support/client.ts';
import { until } from '../support/deadline.ts';
import { scrape, scrapeUntil } from '../support/exposition.ts';
import { connectUnreading, frame, OPCODES, readFrames } from '../support/frames.ts';

const MIB = 2 ** 20;
/** Frames of 64 KB: 50 MB. */
const COUNT = 800;
const LIMITS = { timeout: 30_000 };

let child: Child;
let url: string;

beforeAll(async () => {
  child = Child.bun('acceptance-server.ts', { OPTIONS: JSON.stringify({ metrics: true }) });
  url = await child.value<string>('url');
});
afterAll(() => child[Symbol.asyncDispose]());

/** A subscriber that reads nothing. */
async function slowSubscriber(path: string): Promise<Socket> {
  const socket = await connectUnreading(url + path);
  socket.write(frame({ opcode: OPCODES.text, payload: '{"event":"join"}' }));
  const joined = ['gatewire_handler_duration_seconds_count', { route: path, event: 'join' }] as const;
  await scrapeUntil(url, joined, value => value === 1);
  return socket;
}

/** Another one, that asks for 50 MB and reads them: it gets all, in order. */
async function readAll(path: string): Promise<void> {
  await using healthy = await Client.connect(url + path);
  await healthy.request('join', null, 1);
  healthy.send({ event: 'pour', data: COUNT, id: 2 });
  for (let at = 0; at < COUNT; at++) {
    const text = (await healthy.nextFrame(10_000)) as string;
    if (!text.startsWith(`${at} `)) throw new Error(`${text.slice(0, 60)} instead of frame ${at}`);
  }
  expect(await healthy.next()).toEqual({ id: 2, data: 'poured' });
}

describe('the metrics of 50 MB that are published beside a client that reads nothing', () => {
  it('count its close once, and the others get all', LIMITS, async () => {
    const route = '/feed';
    const slow = await slowSubscriber(route);
    const highest = watchBuffer(route);
    await readAll(route);
    const metrics = await scrapeUntil(url, ['gatewire_connections', { route }], value => value === 0);
    expect(metrics.value('gatewire_slow_consumer_closes_total', { route })).toBe(1);
    expect(metrics.value('gatewire_send_buffer_bytes', { route })).toBe(0);
    expect(await highest.stop()).toBeLessThanOrEqual(2 * MIB);
    slow.destroy();
  });

  it("count as many dropped as it does not get, with slowConsumer: 'drop'", LIMITS, async () => {
    const route = '/lossy-feed';
    const slow = await slowSubscriber(route);
    const highest = watchBuffer(route);
    await readAll(route);
    const metrics = await scrapeUntil(url, ['gatewire_connections', { route }], value => value === 1);
    const dropped = metrics.value('gatewire_messages_dropped_total', { route, reason: 'slow_consumer' }) ?? 0;
    expect(dropped).toBeGreaterThan(0);
    expect(await highest.stop()).toBeLessThanOrEqual(2 * MIB);
    const chunks: Buffer[] = [];
    slow.on('data', (chunk: Buffer) => chunks.push(chunk));
    slow.resume();
    const due = { reply: 1, published: COUNT - dropped };
    const received = () => {
      const bytes = Buffer.concat(chunks);
      return readFrames(bytes.subarray(bytes.indexOf('\r\n\r\n') + 4)).length;
    };
    await scrapeUntil(url, ['gatewire_send_buffer_bytes', { route }], value => value === 0);
    await until(() => received() >= due.reply + due.published, 'the frames that were not dropped', 10_000);
    expect(received()).toBe(due.reply + due.published);
    expect(metrics.value('gatewire_slow_consumer_closes_total', { route })).toBe(0);
    slow.destroy();
  });
});

/** Looks again and again at what waits for the clients of a route, those that read among them, and keeps the most. */
function watchBuffer(route: string): { stop(): Promise<number> } {
  let highest = 0;
  let isStopped = false;
  const watching = (async () => {
    while (!isStopped) {
      highest = Math.max(highest, (await scrape(url)).value('gatewire_send_buffer_bytes', { route }) ?? 0);
    }
  })();
  return {
    async stop() {
      isStopped = true;
      await watching;
      return highest;
    },
  };
}
