import type { Observer, Subscription } from './observable.ts';

/** A subscriber as operators of RxJS know it: an observer that is its own subscription. */
export interface Subscriber extends Observer<unknown>, Subscription {
  readonly closed: boolean;
  add(teardown: unknown): void;
  remove(teardown: unknown): void;
}

export function isSubscriber(observer: object): observer is Subscriber {
  return 'closed' in observer && 'add' in observer;
}

/** Hands on to an observer until it completes, fails or is unsubscribed from; what was added to it is then undone. */
export class ResultSubscriber implements Subscriber {
  readonly #observer: Partial<Observer<unknown>>;
  readonly #teardowns = new Set<unknown>();
  #isClosed = false;

  constructor(observer: Partial<Observer<unknown>>) {
    this.#observer = observer;
  }

  get closed(): boolean {
    return this.#isClosed;
  }

  next(value: unknown): void {
    if (!this.#isClosed) this.#observer.next?.(value);
  }

  error(error: unknown): void {
    if (this.#isClosed) return;
    const failed = this.#undoAll();
    this.#observer.error?.(failed === null ? error : failed.error);
  }

  complete(): void {
    if (this.#isClosed) return;
    const failed = this.#undoAll();
    if (failed === null) this.#observer.complete?.();
    else this.#observer.error?.(failed.error);
  }

  add(teardown: unknown): void {
    if (teardown === undefined || teardown === null || teardown === this) return;
    if (this.#isClosed) undo(teardown);
    else this.#teardowns.add(teardown);
  }

  remove(teardown: unknown): void {
    this.#teardowns.delete(teardown);
  }

  unsubscribe(): void {
    if (this.#isClosed) return;
    const failed = this.#undoAll();
    if (failed !== null) throw failed.error;
  }

  /**
   * Undoes all that was added, before the observer hears of the end: what `finalize()` throws is then what the call
   * failed with, as what a `finally` throws is. Gives the first of it.
   */
  #undoAll(): { readonly error: unknown } | null {
    this.#isClosed = true;
    let failed: { readonly error: unknown } | null = null;
    for (const teardown of this.#teardowns) {
      try {
        undo(teardown);
      } catch (error) {
        failed ??= { error };
      }
    }
    this.#teardowns.clear();
    return failed;
  }
}

function undo(teardown: unknown): void {
  if (typeof teardown === 'function') teardown();
  else (teardown as Partial<Subscription>).unsubscribe?.();
}
