/** Tells our listeners from others, also where the package is there twice. */
const GUARD = Symbol.for('gatewire.abort-guard');

/**
 * Reports what the listeners of an AbortSignal throw while it is aborted. Bun raises that as an uncaught exception,
 * still inside `abort()`, which would end the process.
 */
export function guardListeners(abort: () => void, report: (thrown: unknown) => void): void {
  const listener = Object.assign((thrown: unknown) => report(thrown), { [GUARD]: true });
  process.on('uncaughtException', listener);
  try {
    abort();
  } finally {
    process.off('uncaughtException', listener);
  }
}

/** Whether an uncaught exception of now is one of those. */
export function isGuarded(): boolean {
  return process.listeners('uncaughtException').some(listener => GUARD in listener);
}
