/** The longest delay that a timer takes; a longer one would fire at once. */
const LONGEST_DELAY = 2 ** 31 - 1;

/**
 * The delay of a timer for a timeout in milliseconds; `Infinity` is as long as a timer can be, 24 days.
 *
 * @throws RangeError for what is not a number of milliseconds.
 */
export function timerDelay(timeout: number): number {
  if (typeof timeout === 'number' && timeout >= 0) return Math.min(timeout, LONGEST_DELAY);
  throw new RangeError(`a timeout is a number of milliseconds, 0 or more (got ${String(timeout)})`);
}
