/** Waits for a promise, but not for ever: a spec that would hang says what it waited for. */
export async function withDeadline<Value>(
  promise: Promise<Value>,
  timeout: number,
  what: string,
): Promise<Value> {
  const expired = Promise.withResolvers<never>();
  const timer = setTimeout(() => expired.reject(new Error(`${what} within ${timeout} ms`)), timeout);
  try {
    return await Promise.race([promise, expired.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** Waits until a condition holds, looking again whenever the event loop comes round. */
export async function until(condition: () => boolean, what: string, timeout = 3000): Promise<void> {
  const deadline = performance.now() + timeout;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`${what} within ${timeout} ms`);
    await new Promise(resolve => setTimeout(resolve, 2));
  }
}
