/** What a step of the start or of the end fails with that does not end. */
export class LifecycleTimeout extends Error {
  override readonly name = 'LifecycleTimeout';

  constructor(seconds: number) {
    super(`not ended after ${seconds} s`);
  }
}

/** What to do about a step of the start that failed so; `undefined` for one that failed otherwise. */
export function timeoutFix(error: unknown): string | undefined {
  if (!(error instanceof LifecycleTimeout)) return undefined;
  return 'Correct what it waits for, or give it longer: createApplication(…, { startTimeout: seconds })';
}

/**
 * Waits for a step, but no longer than `seconds`; 0 is for ever. A promise keeps no process alive: one that never settles
 * would end it with code 0 and without a word, or hang it as long as something else keeps it.
 *
 * @throws LifecycleTimeout
 */
export function endsWithin<Value>(promise: PromiseLike<Value>, seconds: number): Promise<Value> {
  if (seconds === 0) return Promise.resolve(promise);
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new LifecycleTimeout(seconds)), seconds * 1000);
    Promise.resolve(promise)
      .then(resolve, reject)
      .finally(() => clearTimeout(timer));
  });
}
