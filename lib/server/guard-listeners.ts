/**
 * Reports what the listeners of an AbortSignal throw while it is aborted. Bun raises that as an uncaught exception,
 * still inside `abort()`, which would end the process.
 */
export function guardListeners(abort: () => void, report: (thrown: unknown) => void): void {
  process.on('uncaughtException', report);
  try {
    abort();
  } finally {
    process.off('uncaughtException', report);
  }
}
