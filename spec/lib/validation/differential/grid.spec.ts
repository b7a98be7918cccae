import { describe, expect, it } from 'vitest';
import { runGrid } from './grid.ts';

/** `GRID=1` takes every variant, which is about three million cases. */
const step = Number(process.env.GRID ?? 193);

describe('each decorator alone', () => {
  it('gives what the libraries give', { timeout: 3_600_000 }, () => {
    const { differences, fallen, ...counts } = runGrid({ step });
    if (process.env.GRID) console.log(counts);
    expect(differences.slice(0, 20)).toEqual([]);
    expect(fallen.slice(0, 20)).toEqual([]);
    expect(counts.missed).toBeLessThan(counts.accepted / 10);
  });
});
