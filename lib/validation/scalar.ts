import { Invalid, type Issue } from '../errors.ts';
import { readerOf } from './text-reader.ts';
import type { Validator } from './validator.ts';

/** The types of a parameter that takes one text by its key. */
export type TextScalar =
  | StringConstructor
  | NumberConstructor
  | BooleanConstructor
  | DateConstructor
  | ArrayConstructor;
export type JsonScalar = StringConstructor | NumberConstructor | BooleanConstructor;

const LIST = { rule: 'isArray', message: 'must be an array' };

/** Reads one text, or a list of them for `Array`; an absent one stays `undefined`. */
export function textScalar(type: TextScalar, path: string, isTerse: boolean): Validator {
  const reader = readerOf(type);
  const refuse = refusal({ path, ...(reader ?? LIST) }, isTerse);
  const repeated = refusal({ path, rule: reader?.rule ?? '', message: 'must be given once' }, isTerse);
  const read = reader?.read ?? (text => [text]);
  return {
    validate: value => {
      if (value === undefined) return undefined;
      if (typeof value === 'string') return read(value) ?? refuse();
      // A @Parse() or @Transform() hook may have put another value where the text was.
      if (isOf(type, value)) return value;
      return Array.isArray(value) ? repeated() : refuse();
    },
  };
}

/** Takes a JSON value of exactly that type: nothing is converted, and an absent value is none. */
export function jsonScalar(type: JsonScalar, path: string, isTerse: boolean): Validator {
  const refuse = refusal({ path, ...(readerOf(type) ?? LIST) }, isTerse);
  return { validate: value => (isOf(type, value) ? value : refuse()) };
}

function isOf(type: TextScalar, value: unknown): boolean {
  return typeof value === type.name.toLowerCase() || value instanceof type;
}

function refusal({ path, rule, message }: Issue, isTerse: boolean): () => Invalid {
  return () => new Invalid(isTerse ? [] : [{ path, rule, message }]);
}
