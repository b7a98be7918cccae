import { describe, expect, it } from 'vitest';
import { runLeak } from '../../bench/soak/run-leak.ts';
import { runSoak } from '../../bench/soak/run-soak.ts';
import type { Fault } from '../../bench/soak/server/faults.ts';

const SHORT = { seconds: 2, clients: 60, seed: 7, settleWithin: 0.3 };

/** `npm run check` does a hundred thousand (`bench/leak.ts`). */
const CYCLES = 10_000;

/** What the soak says about a server with these mistakes. */
async function violationsOf(...faults: Fault[]): Promise<string> {
  const { violations } = await runSoak({ ...SHORT, faults });
  return violations.join('\n');
}

describe.concurrent('the soak', { timeout: 60_000 }, () => {
  it('has nothing to say about a server that makes no mistake', async () => {
    const { evidence, violations } = await runSoak({ ...SHORT, seconds: 3, settleWithin: 10 });
    expect(violations).toEqual([]);
    expect(evidence?.acknowledged.size).toBeGreaterThan(20);
    expect(evidence?.after.tally.opened).toBeGreaterThan(60);
  });

  it('finds whatever a server keeps', async () => {
    const violations = await violationsOf(
      'keeps connections',
      'keeps users',
      'keeps topics',
      'keeps places',
      'keeps scopes',
      'keeps memory',
    );
    expect(violations).toMatch(/^\d+ connections are still registered$/m);
    expect(violations).toMatch(/^\d+ users are still registered$/m);
    expect(violations).toMatch(/^\d+ topics are still registered$/m);
    expect(violations).toMatch(/^10\.0\.0\.\d got \d+ connections and then 429, instead of \d+ and \d+$/m);
    expect(violations).toMatch(/^\d+ of \d+ scoped instances were disposed$/m);
    expect(violations).toMatch(/^\d+ of \d+ connections were collected as garbage$/m);
    expect(violations).toMatch(/^rss grew from \d+ to \d+$/m);
    expect(violations).toContain('handlers were still running');
  });

  it('finds effects that are lost or repeated, and echoes that are wrong', async () => {
    const violations = await violationsOf('loses effects', 'repeats effects', 'mumbles');
    expect(violations).toMatch(/^command \d+ of connection \d+ was answered, but had no effect$/m);
    expect(violations).toMatch(/^command \d+ of connection \d+ had its effect twice$/m);
    expect(violations).toContain('the control client: echo 9 was "what?"');
  });

  it('finds messages that overtake each other', async () => {
    const violations = await violationsOf('reorders');
    expect(violations).toMatch(/^command \d+ of connection \d+ had its effect too early$/m);
    expect(violations).toMatch(/^connection \d+: reply \d+ came instead of \d+$/m);
  });

  it('finds published frames that are missing', async () => {
    expect(await violationsOf('skips subscribers')).toMatch(
      /^connection \d+: published frame \d+ came after \d+$/m,
    );
  });

  it('finds that the process has ended', async () => {
    expect(await violationsOf('dies')).toMatch(/^the server (has )?ended/);
  });
});

describe.concurrent('connections that come and go', { timeout: 60_000 }, () => {
  it('leave nothing on a server with guards, checked queries, scopes and sessions', async () => {
    const { before, after, clients, violations } = await runLeak({ cycles: CYCLES });
    expect(violations).toEqual([]);
    const answers = clients.flatMap(({ counts }) => Object.values(counts));
    expect(answers.reduce((sum, count) => sum + count, 0)).toBe(CYCLES);
    expect(after.tally.opened).toBeGreaterThan(CYCLES * 0.9);
    expect(after.objects).toBeLessThan(before.objects + CYCLES / 20);
  });

  it('are found where they leave something', async () => {
    const { violations } = await runLeak({
      cycles: 500,
      faults: ['keeps users', 'keeps scopes', 'keeps connections'],
      settleWithin: 0.3,
    });
    const text = violations.join('\n');
    expect(text).toMatch(/^\d+ users are still registered$/m);
    expect(text).toMatch(/^\d+ connections are still registered$/m);
    expect(text).toMatch(/^\d+ of \d+ scoped instances were disposed$/m);
  });
});
