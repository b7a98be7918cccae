import { MOST_UNDECLARED, type Plain } from '../undeclared.ts';
import { type Cast, MISS } from './plan.ts';

/** Far below what any of the recursive functions on the way can take; deeper values are left to the libraries. */
const MOST_DEPTH = 100;

/** The copy that class-transformer makes of a value without a type; `MISS` for what is no JSON. */
export function copyJson(value: unknown, depth = 0): unknown {
  if (typeof value !== 'object') return isJsonScalar(value) ? value : MISS;
  if (value === null) return null;
  if (depth > MOST_DEPTH) return MISS;
  return Array.isArray(value) ? copyList(value, depth) : copyObject(value as Plain, depth);
}

function isJsonScalar(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

function copyList(list: readonly unknown[], depth: number): unknown {
  const copy: unknown[] = [];
  for (let at = 0; at < list.length; at++) {
    const item = copyJson(list[at], depth + 1);
    if (item === MISS) return MISS;
    copy.push(item);
  }
  return copy;
}

function copyObject(value: Plain, depth: number): unknown {
  if (Object.getPrototypeOf(value) !== Object.prototype) return MISS;
  const keys = Object.keys(value);
  if (keys.length > MOST_UNDECLARED) return MISS;
  const copy: Plain = {};
  for (const key of keys) {
    const item = copyJson(value[key], depth + 1);
    if (item === MISS) return MISS;
    if (isCopied(key)) copy[key] = item;
  }
  return copy;
}

/** class-transformer leaves out every name that each object has anyway. */
export function isCopied(key: string): boolean {
  return key !== 'prototype' && !(key in Object.prototype);
}

const CASTS = new Map<unknown, Cast>([
  [String, cast('string', String)],
  [Number, cast('number', Number)],
  [Boolean, cast('boolean', Boolean)],
  [Date, cast('', value => new Date(value as string))],
]);

/** What `@Type()` of a scalar does, element by element in lists; `null` for any other type. */
export function castOf(type: unknown): Cast | null {
  return CASTS.get(type) ?? null;
}

function cast(keeps: string, convert: (value: unknown) => unknown): Cast {
  const convertAny = (value: unknown, depth: number): unknown => {
    if (value === null) return null;
    if (Array.isArray(value))
      return depth > MOST_DEPTH ? MISS : mapList(value, item => convertAny(item, depth + 1));
    return isJsonScalar(value) ? convert(value) : MISS;
  };
  return { keeps, convert: value => convertAny(value, 0) };
}

/** `MISS` as soon as one element gives it. */
export function mapList(list: readonly unknown[], convert: (item: unknown) => unknown): unknown {
  const copy: unknown[] = [];
  for (let at = 0; at < list.length; at++) {
    const item = convert(list[at]);
    if (item === MISS) return MISS;
    copy.push(item);
  }
  return copy;
}
