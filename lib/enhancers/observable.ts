/** As much of an Observable (RxJS's, TC39's) as is needed to take what it gives. */
export interface Subscribable<Value> {
  subscribe(observer: Observer<Value>): Subscription;
}

/** Ends what a subscription began. */
export interface Subscription {
  unsubscribe(): void;
}

/** What the values are given to. */
export interface Observer<Value> {
  next(value: Value): void;
  error(error: unknown): void;
  complete(): void;
}

/** Whether a value is an Observable: it is told by `subscribe()` and `pipe()` or the interop symbol, without RxJS. */
export function isObservable(value: unknown): value is Subscribable<unknown> {
  if (typeof value !== 'object' || value === null || !('subscribe' in value)) return false;
  if (typeof value.subscribe !== 'function') return false;
  return 'pipe' in value || '@@observable' in value;
}

/** The last of the values, once there are no more; `undefined` where there was none. */
export async function lastValue(values: ObservableValues): Promise<unknown> {
  let last: unknown;
  for await (const value of values) last = value;
  return last;
}

/**
 * The values of an Observable one by one, as an iterator that is pulled: those that come faster wait. It is subscribed
 * to at the first pull, and unsubscribed from when the iterator is left early.
 */
export class ObservableValues implements AsyncIterableIterator<unknown> {
  readonly #observable: Subscribable<unknown>;
  readonly #waiting: unknown[] = [];
  #subscription: Subscription | undefined;
  readonly #ended = Promise.withResolvers<void>();
  #isSubscribed = false;
  #isEnded = false;
  #failure: { readonly error: unknown } | undefined;
  #wake: (() => void) | undefined;

  constructor(observable: Subscribable<unknown>) {
    this.#observable = observable;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Subscribes, and resolves when there will be no more values; also after a failure. */
  ended(): Promise<void> {
    this.#subscribeOnce();
    return this.#ended.promise;
  }

  async next(): Promise<IteratorResult<unknown>> {
    this.#subscribeOnce();
    while (this.#waiting.length === 0 && !this.#isEnded) {
      await new Promise<void>(resolve => {
        this.#wake = resolve;
      });
    }
    if (this.#waiting.length > 0) return { done: false, value: this.#waiting.shift() };
    if (this.#failure !== undefined) throw this.#failure.error;
    return { done: true, value: undefined };
  }

  async return(): Promise<IteratorResult<unknown>> {
    this.#waiting.length = 0;
    this.#end();
    this.#subscription?.unsubscribe();
    return { done: true, value: undefined };
  }

  #subscribeOnce(): void {
    if (this.#isSubscribed) return;
    this.#isSubscribed = true;
    this.#subscription = this.#observable.subscribe({
      next: value => {
        if (this.#isEnded) return;
        this.#waiting.push(value);
        this.#wake?.();
      },
      error: error => {
        this.#failure ??= { error };
        this.#end();
      },
      complete: () => this.#end(),
    });
  }

  #end(): void {
    this.#isEnded = true;
    this.#ended.resolve();
    this.#wake?.();
  }
}
