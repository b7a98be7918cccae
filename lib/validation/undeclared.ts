export type Plain = Record<string, unknown>;

/** How many properties an object may have where the DTO does not say which. */
export const MOST_UNDECLARED = 256;

const HOSTILE = new Set(['__proto__', 'constructor', 'prototype']);

export function isObject(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The names that lead out of an object are never copied. */
export function isHarmless(key: string): boolean {
  return !HOSTILE.has(key);
}

/** Whether an object in there has so many properties that class-transformer, which is quadratic in them, would stall. */
export function isTooWide(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(isTooWide);
  if (!isPlain(value)) return false;
  const keys = Object.keys(value);
  return keys.length > MOST_UNDECLARED || keys.some(key => isTooWide(value[key]));
}

/** A deep copy of arrays and plain objects; everything else is shared. */
export function copyUndeclared(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyUndeclared);
  if (!isPlain(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .filter(isHarmless)
      .map(key => [key, copyUndeclared(value[key])]),
  );
}

function isPlain(value: unknown): value is Plain {
  if (!isObject(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
