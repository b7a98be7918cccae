import { describe, expect, it } from 'vitest';
import { Child } from '../support/child.ts';
import { Client } from '../support/client.ts';
import { scrape } from '../support/exposition.ts';

const LONGEST = 15_000;

/** Has one client hold the event loop of a server, and gives the server's warning; all others must be served then. */
async function warningOf(child: Child, url: string, milliseconds: number): Promise<Record<string, unknown>> {
  const clients = await Promise.all(Array.from({ length: 10 }, () => Client.connect(`${url}/echo`)));
  await using busy = await Client.connect(`${url}/limited`);
  busy.send({ event: 'busy', data: milliseconds, id: 1 });
  for (const client of clients) client.send('still there');
  expect(await busy.next(LONGEST)).toEqual({ id: 1, data: 'free again' });
  for (const client of clients) expect(await client.next(LONGEST)).toBe('still there');
  await child.value('lagSeconds');
  for (const client of clients) await client.close();
  const warnings = child.records.filter(({ level }) => level === 'warn');
  expect(warnings).toHaveLength(1);
  return warnings[0] as Record<string, unknown>;
}

describe('a handler that holds the event loop', () => {
  it('for five seconds loses nobody, is named by the log, and seen in the metrics', {
    timeout: 30_000,
  }, async () => {
    await using child = Child.bun('acceptance-server.ts', { OPTIONS: JSON.stringify({ metrics: true }) });
    const url = await child.value<string>('url');
    const warning = await warningOf(child, url, 5000);
    expect(warning.hook).toBe('LimitedController.busy()');
    expect(warning.lagSeconds).toBeGreaterThanOrEqual(5);
    expect(warning.message).toBe(`LimitedController.busy() held the event loop for ${warning.lagSeconds} s`);
    const metrics = await scrape(url);
    expect(metrics.value('gatewire_event_loop_lag_seconds_sum')).toBeGreaterThanOrEqual(5);
    const count = metrics.value('gatewire_event_loop_lag_seconds_count') ?? 0;
    expect(metrics.value('gatewire_event_loop_lag_seconds_bucket', { le: '2.5' })).toBe(count - 1);
  });

  it('is the hook that was called last, where nothing is measured', { timeout: 30_000 }, async () => {
    await using child = Child.bun('acceptance-server.ts');
    await using busy = await Client.connect(`${await child.value<string>('url')}/limited`);
    busy.send({ event: 'busy', data: 2500, id: 1 });
    expect(await busy.next(LONGEST)).toEqual({ id: 1, data: 'free again' });
    // Of the 2.5 s, what is beyond the second after which the clock would have ticked anyway.
    expect(await child.value<number>('lagSeconds')).toBeGreaterThanOrEqual(1.5);
    const [warning] = child.records.filter(({ level }) => level === 'warn');
    expect(warning?.message).toBe(
      `the event loop stood still for ${warning?.lagSeconds} s; of the hooks, LimitedController.busy() was called last`,
    );
  });
});
