/**
 * The signals of the asynchronous calls of a connection's hooks: each aborts at the close, and when its own call takes
 * too long.
 */
export class CallSignals {
  /** Of the call that began last. */
  latest: AbortController | null = null;
  /** Of those that are not over. */
  readonly #running = new Set<AbortController>();

  /** The signal of a call that is about to begin. */
  open(): AbortSignal {
    this.latest = new AbortController();
    this.#running.add(this.latest);
    return this.latest.signal;
  }

  /** The call that began last is over once this settles. */
  track(result: PromiseLike<unknown>): void {
    const call = this.latest;
    const drop = () => this.drop(call);
    result.then(drop, drop);
  }

  /** A call is over. */
  drop(call: AbortController | null): void {
    if (call !== null) this.#running.delete(call);
  }

  /** The connection is closed. */
  abort(): void {
    for (const call of this.#running) call.abort();
  }
}
