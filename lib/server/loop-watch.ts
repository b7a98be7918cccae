import type { Logger } from '../observability/logger.ts';
import type { Histogram } from '../observability/metrics.ts';
import type { FailingHook } from '../routing/route.ts';

/** Seconds between two ticks. */
export const TICK = 1;

/** Seconds that the event loop may stand still before the log says so. */
const LONGEST_STALL = 1;

/** Sees that the event loop stood still, by how late its tick comes, and says whose doing it was. */
export class LoopWatch {
  /** The hook that was called last since the last tick. */
  called: FailingHook | null = null;
  /** How long the loop stood still, of each second; `null` with metrics off. */
  lag: Histogram | null = null;
  readonly #logger: Logger;
  /** The handler that ran longest since the last tick without letting go. */
  #longest: { readonly hook: FailingHook; readonly seconds: number } | null = null;
  #last = 0;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  start(): void {
    this.#last = performance.now();
  }

  /** A handler ran so long without letting go; it is known where handlers are timed, with metrics on. */
  held(hook: FailingHook, seconds: number): void {
    if (this.#longest === null || seconds > this.#longest.seconds) this.#longest = { hook, seconds };
  }

  tick(): void {
    const now = performance.now();
    const late = Math.max(0, (now - this.#last) / 1000 - TICK);
    const longest = this.#longest;
    const held = longest?.seconds ?? 0;
    // The tick was not due when the stall began, so that it is not as late as the stall was long.
    this.lag?.observe(Math.max(late, held));
    if (longest !== null && held >= LONGEST_STALL) this.#warn(held, longest.hook, 'held');
    else if (late >= LONGEST_STALL) this.#warn(late, this.called, 'stood');
    this.#last = now;
    this.#longest = null;
    this.called = null;
  }

  #warn(seconds: number, hook: FailingHook | null, how: 'held' | 'stood'): void {
    const lagSeconds = Math.round(seconds * 1000) / 1000;
    const facts = hook === null ? { lagSeconds } : { lagSeconds, hook: hook.where };
    const stood = `the event loop stood still for ${lagSeconds} s`;
    if (hook === null) return this.#logger.warn(facts, stood);
    if (how === 'held') {
      return this.#logger.warn(facts, `${hook.where} held the event loop for ${lagSeconds} s`);
    }
    this.#logger.warn(facts, `${stood}; of the hooks, ${hook.where} was called last`);
  }
}
