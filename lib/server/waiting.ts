import type { Listed, Roster } from './roster.ts';

/** Something of the user's that has to end within a time; it ages with each sweep of `Liveness`. */
export interface Waiting extends Listed {
  /** Sweeps it has lived through. */
  age: number;
  /** Seconds it has. */
  readonly limit: number;
  /** Its time is over. */
  expire(): void;
}

/** One second of service is over. A second has passed for certain only when the next sweep comes, so limits are floors. */
export function ageAll(all: Roster<Waiting>): void {
  for (const waiting of all) {
    if (++waiting.age <= waiting.limit) continue;
    all.delete(waiting);
    waiting.expire();
  }
}
