import { isPromise } from './is-promise.ts';

/**
 * Reads a value for each item, one after another; a promise of all of them only where one is a promise, or anything
 * with a `then`.
 *
 * @throws what a reading threw; it rejects with the first rejection
 */
export function readAll<Item>(
  items: readonly Item[],
  read: (item: Item) => unknown,
): unknown[] | Promise<unknown[]> {
  const values: unknown[] = [];
  let isPending = false;
  try {
    for (const item of items) {
      const value = read(item);
      if (isPromise(value)) isPending = true;
      values.push(value);
    }
  } catch (error) {
    // What is pending may still reject, which would end the process because nobody listens any more.
    void Promise.allSettled(values);
    throw error;
  }
  return isPending ? Promise.all(values) : values;
}
