import { readAll } from './read-all.ts';
import type { Invoke } from './route.ts';

/** Reads one argument of a hook from what the hook is about. */
export type Reader<Subject> = (subject: Subject, a: unknown, b: unknown) => unknown;

type Methods = Record<PropertyKey, (...args: unknown[]) => unknown>;

/**
 * A closure that calls a method with its arguments read. The arity is fixed here: an argument array
 * costs a message 20 ns.
 */
export function compileInvoke<Subject>(
  method: PropertyKey,
  readers: readonly Reader<Subject>[],
): Invoke<Subject> {
  const [first, second, third] = readers as [Reader<Subject>, Reader<Subject>, Reader<Subject>];
  switch (readers.length) {
    case 0:
      return self => (self as Methods)[method]?.();
    case 1:
      return (self, subject, a, b) => (self as Methods)[method]?.(first(subject, a, b));
    case 2:
      return (self, subject, a, b) =>
        (self as Methods)[method]?.(first(subject, a, b), second(subject, a, b));
    case 3:
      return (self, subject, a, b) =>
        (self as Methods)[method]?.(first(subject, a, b), second(subject, a, b), third(subject, a, b));
    default:
      return (self, subject, a, b) =>
        (self as Methods)[method]?.(...readers.map(read => read(subject, a, b)));
  }
}

/** Whether a method is still to be called whose result was promised. */
export type IsDue<Subject> = (subject: Subject, promise: object) => boolean;

/** The same for a method of which an argument may be a promise: then the method is called once all are there. */
export function compileLaterInvoke<Subject>(
  method: PropertyKey,
  readers: readonly Reader<Subject>[],
  isDue: IsDue<Subject>,
): Invoke<Subject> {
  return (self, subject, a, b) => {
    const read = readAll(readers, reader => reader(subject, a, b));
    const call = (values: readonly unknown[]) => (self as Methods)[method]?.(...values);
    if (!(read instanceof Promise)) return call(read);
    const result: Promise<unknown> = read.then(values => (isDue(subject, result) ? call(values) : undefined));
    return result;
  };
}
