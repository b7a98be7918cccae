/** What a step of the start fails with that does not end; it names the option that gives it longer. */
export class StartTimeout extends Error {
  override readonly name = 'StartTimeout';

  constructor(readonly seconds: number) {
    super(`not ended after ${seconds} s`);
  }
}

/** What to do about a step of the start that failed so; `undefined` for one that failed otherwise. */
export function timeoutFix(error: unknown): string | undefined {
  if (!(error instanceof StartTimeout)) return undefined;
  return 'Correct what it waits for, or give it longer: createApplication(…, { startTimeout: seconds })';
}

/**
 * Waits for a step of the start, but no longer than `seconds`; 0 is for ever. A promise keeps no process alive: one that
 * never settles would end it with code 0 and without a word, or hang it as long as something else keeps it.
 *
 * @throws StartTimeout
 */
export function withinStart<Value>(promise: PromiseLike<Value>, seconds: number): Promise<Value> {
  if (seconds === 0) return Promise.resolve(promise);
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new StartTimeout(seconds)), seconds * 1000);
    Promise.resolve(promise)
      .then(resolve, reject)
      .finally(() => clearTimeout(timer));
  });
}
