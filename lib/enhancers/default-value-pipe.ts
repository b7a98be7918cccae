import { isNil } from './parse-failure.ts';
import type { PipeTransform } from './pipe-transform.ts';

/**
 * Puts a default in the place of `undefined`, `null` and `NaN`. Lists and plain objects are copied each time,
 * so a handler that changes its argument does not change the default.
 *
 * @example
 * ```ts
 * open(@Query('page', new DefaultValuePipe(1), ParseIntPipe) page: number) {}
 * ```
 */
export class DefaultValuePipe<T = unknown> implements PipeTransform<unknown, unknown> {
  readonly #defaultValue: T;

  constructor(defaultValue: T) {
    this.#defaultValue = defaultValue;
  }

  /** Gives the value, or a copy of the default. */
  transform(value: unknown, _metadata?: unknown): unknown {
    return isNil(value) || Number.isNaN(value) ? copied(this.#defaultValue, new Map()) : value;
  }
}

/** `copies` keeps circles and shared parts what they are. */
function copied(value: unknown, copies: Map<object, unknown>): unknown {
  if (!isPlain(value)) return value;
  const known = copies.get(value);
  if (known !== undefined) return known;
  const copy: object = Array.isArray(value) ? [] : Object.create(Object.getPrototypeOf(value));
  copies.set(value, copy);
  for (const key of Reflect.ownKeys(value)) {
    Reflect.set(copy, key, copied(Reflect.get(value, key), copies));
  }
  return copy;
}

/** A list or an object without a class of its own: anything else is handed over as it is. */
function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Array.prototype || prototype === Object.prototype || prototype === null;
}
