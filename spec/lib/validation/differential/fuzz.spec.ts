import { describe, expect, it } from 'vitest';
import { runFuzz } from './fuzz.ts';

/** `FUZZ=6000 SEED=7` for a long run. */
const runs = Number(process.env.FUZZ ?? 100);
const seed = Number(process.env.SEED ?? 4);

describe('random classes', () => {
  it('give what the libraries give', { timeout: 3_600_000 }, () => {
    const { reasons, ...counts } = runFuzz({ seed, runs, shrinks: runs < 1000 });
    if (process.env.FUZZ)
      console.log(counts, [...reasons].sort(([, one], [, other]) => other - one).slice(0, 20));
    expect(counts.compiled).toBeGreaterThan(runs / 3);
    expect(counts.accepted).toBeGreaterThan(counts.cases / 50);
  });

  it('give what the libraries give for texts', { timeout: 3_600_000 }, () => {
    const counts = runFuzz({ seed: seed + 1, runs: Math.ceil(runs / 3), isText: true, shrinks: runs < 1000 });
    expect(counts.compiled).toBeGreaterThan(0);
  });
});
