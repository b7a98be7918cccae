import fc from 'fast-check';

/** Whether a long run was asked for: `FUZZ=100000 SEED=7 npx bun --bun vitest run spec/…`. */
const LONG = process.env.FUZZ === undefined ? undefined : Number(process.env.FUZZ);

/** A long run has no deadline. */
export const PROPERTY_TIMEOUT = LONG === undefined ? 15_000 : 3_600_000;

/** How a property is checked: the same cases each time, or those of a long run; `REPLAY` is the path that a failure names. */
export function parameters(runs: number): fc.Parameters<unknown> {
  return {
    seed: Number(process.env.SEED ?? 6455),
    numRuns: LONG ?? runs,
    includeErrorInReport: true,
    ...(process.env.REPLAY !== undefined && { path: process.env.REPLAY }),
  };
}
