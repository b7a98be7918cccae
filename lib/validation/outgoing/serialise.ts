import { MOST_LEVELS } from '../compiler/build-parts.ts';
import { mapList } from '../compiler/copy-json.ts';
import { type Build, type Builder, type Cast, MISS } from '../compiler/plan.ts';
import type { Plain } from '../undeclared.ts';

/** The copy that class-transformer makes of what JSON has, and of dates; `MISS` for everything else. */
export const serialiseAny: Build = (value, depth) => {
  if (typeof value !== 'object') return isJsonScalar(value) ? value : MISS;
  if (value === null) return null;
  if (depth > MOST_LEVELS) return MISS;
  if (Array.isArray(value)) return mapList(value, item => serialiseAny(item, depth + 1));
  const prototype: unknown = Object.getPrototypeOf(value);
  // A date has no parts that could change its JSON, but for a `toJSON()` of its own.
  if (prototype === Date.prototype) return Object.keys(value).length === 0 ? value : MISS;
  return prototype === Object.prototype ? serialiseObject(value as Plain, depth) : MISS;
};

function isJsonScalar(value: unknown): boolean {
  return value === undefined || ['string', 'number', 'boolean'].includes(typeof value);
}

function serialiseObject(value: Plain, depth: number): unknown {
  const copy: Plain = {};
  for (const key of Object.keys(value)) {
    // class-transformer leaves these two out, and calls a method that has the name of another.
    if (key === '__proto__' || key === 'constructor' || key in Object.prototype) return MISS;
    const item = serialiseAny(value[key], depth + 1);
    if (item === MISS) return MISS;
    copy[key] = item;
  }
  return copy;
}

/** A scalar or a list of scalars, as its rules made sure, is sent as it is; a Set or a Map of them is not. */
export const serialiseScalars: Build = value => {
  return typeof value !== 'object' || value === null || Array.isArray(value) ? value : MISS;
};

/** What `@Type()` of a scalar makes of a value that is sent. */
export function castOutgoing(cast: Cast): Build {
  return value => {
    if (value === undefined || typeof value === cast.keeps) return value;
    const isDate = cast.keeps === '' && value instanceof Date;
    return isDate ? serialiseAny(value, 0) : cast.convert(value);
  };
}

/** One DTO, or lists of them. */
export function nestedOutgoing(builder: Builder, takesNull: boolean): Build {
  const one: Build = (value, depth) => {
    if (value instanceof Set || value instanceof Map) return MISS;
    if (!Array.isArray(value)) return builder.build(value, depth + 1);
    return depth > MOST_LEVELS ? MISS : mapList(value, item => one(item, depth + 1));
  };
  return (value, depth) => {
    if (value === undefined) return undefined;
    if (value === null) return takesNull ? null : MISS;
    return one(value, depth);
  };
}
