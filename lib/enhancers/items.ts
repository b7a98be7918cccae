import { isObservable, ObservableValues, type Subscribable } from './observable.ts';

/** What is pulled for a frame at a time. */
export type Items = AsyncIterator<unknown> | Iterator<unknown>;

/** A result that is sent item by item. */
export type Stream = AsyncIterable<unknown> | Iterator<unknown> | Subscribable<unknown>;

/** Whether a result is sent item by item: an async iterable, a generator or an Observable. An array is one value. */
export function isStream(value: object): value is Stream {
  if (Symbol.asyncIterator in value) return true;
  if (Symbol.iterator in value) return typeof (value as Partial<Iterator<unknown>>).next === 'function';
  return isObservable(value);
}

/** The same of any value. */
export function isAnyStream(value: unknown): value is Stream {
  return typeof value === 'object' && value !== null && isStream(value);
}

/** The items of a stream; an Observable's are subscribed to at the first pull. */
export function itemsOf(stream: Stream): Items {
  if (Symbol.asyncIterator in stream) return stream[Symbol.asyncIterator]();
  return isObservable(stream) ? new ObservableValues(stream) : stream;
}

/** The values of an Observable, and in the place of a value that is a stream its items. */
export class FlatItems implements AsyncIterableIterator<unknown> {
  readonly #values: ObservableValues;
  #inner: Items | null = null;

  constructor(values: ObservableValues) {
    this.#values = values;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<unknown>> {
    for (;;) {
      const inner = await this.#inner?.next();
      if (inner !== undefined && inner.done !== true) return inner;
      this.#inner = null;
      const step = await this.#values.next();
      if (step.done === true || !isAnyStream(step.value)) return step;
      this.#inner = itemsOf(step.value);
    }
  }

  /** At once, while an item is awaited too, which a generator's `return()` would wait for. */
  async return(): Promise<IteratorResult<unknown>> {
    await this.#values.return();
    await this.#inner?.return?.();
    return { done: true, value: undefined };
  }
}
