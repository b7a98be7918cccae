/** Tells our listeners from others, also where the package is there twice. */
const GUARD = Symbol.for('gatewire.abort-guard');

/**
 * Reports what the listeners of an AbortSignal throw while it is aborted. Bun raises that as an uncaught exception,
 * still inside `abort()`, which would end the process.
 */
export function guardListeners(abort: () => void, report: (thrown: unknown) => void): void {
  const listener = Object.assign(
    (thrown: unknown) => {
      // A listener may abort another signal in turn: what is thrown there is that one's.
      if (guards().at(-1) === listener) report(thrown);
    },
    { [GUARD]: true },
  );
  process.on('uncaughtException', listener);
  try {
    abort();
  } finally {
    process.off('uncaughtException', listener);
  }
}

/** Whether an uncaught exception of now is one of those. */
export function isGuarded(): boolean {
  return guards().length > 0;
}

function guards(): object[] {
  return process.listeners('uncaughtException').filter(listener => GUARD in listener);
}
