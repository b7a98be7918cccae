import { isDeepStrictEqual } from 'node:util';
import type { JsonSchema } from '../../lib/validation/json-schema/json-schema.ts';

/** A JSON Schema with the definitions that its references are found in. */
export interface Evaluation {
  readonly definitions: Readonly<Record<string, JsonSchema>>;
  /** Whether patterns are compiled with the `u` flag, as ajv does. */
  readonly isUnicode: boolean;
}

type Assertion = (value: unknown, expected: never, evaluation: Evaluation, schema: JsonSchema) => boolean;

/** Whether a schema of draft-07 accepts a value; throws for a keyword that it does not know. */
export function accepts(schema: JsonSchema, value: unknown, evaluation: Evaluation): boolean {
  // Draft-07 ignores what stands beside a reference.
  if (schema.$ref !== undefined) return accepts(resolve(schema.$ref, evaluation), value, evaluation);
  return Object.entries(schema).every(([keyword, expected]) => {
    if (ANNOTATIONS.has(keyword)) return true;
    const assertion = ASSERTIONS[keyword];
    if (!assertion) throw new Error(`unknown keyword ${keyword} in ${JSON.stringify(schema)}`);
    return assertion(value, expected as never, evaluation, schema);
  });
}

function resolve(reference: string, { definitions }: Evaluation): JsonSchema {
  const found = definitions[reference.replace('#/definitions/', '')];
  if (!found) throw new Error(`${reference} is not defined`);
  return found;
}

const ANNOTATIONS = new Set(
  '$comment title description default examples format contentEncoding contentMediaType deprecated'.split(' '),
);

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const isOfType: Readonly<Record<string, (value: unknown) => boolean>> = {
  array: Array.isArray,
  boolean: value => typeof value === 'boolean',
  integer: value => Number.isInteger(value),
  null: value => value === null,
  number: value => typeof value === 'number',
  object: isObject,
  string: value => typeof value === 'string',
};

const number = (test: (value: number, limit: number) => boolean): Assertion => {
  return (value, limit) => typeof value !== 'number' || test(value, limit);
};
/** JSON Schema counts code points. */
const text = (test: (length: number, limit: number) => boolean): Assertion => {
  return (value, limit) => typeof value !== 'string' || test([...value].length, limit);
};
const list = (test: (length: number, limit: number) => boolean): Assertion => {
  return (value, limit) => !Array.isArray(value) || test(value.length, limit);
};

const ASSERTIONS: Readonly<Record<string, Assertion>> = {
  type: (value, types: string | string[]) => [types].flat().some(type => isOfType[type]?.(value)),
  enum: (value, members: unknown[]) => members.some(member => isSame(member, value)),
  const: (value, other) => isSame(other, value),
  minimum: number((value, limit) => value >= limit),
  maximum: number((value, limit) => value <= limit),
  exclusiveMinimum: number((value, limit) => value > limit),
  exclusiveMaximum: number((value, limit) => value < limit),
  multipleOf: number((value, by) => Number.isInteger(value / by)),
  minLength: text((length, limit) => length >= limit),
  maxLength: text((length, limit) => length <= limit),
  pattern: (value, source: string, { isUnicode }) =>
    typeof value !== 'string' || new RegExp(source, isUnicode ? 'u' : '').test(value),
  minItems: list((length, limit) => length >= limit),
  maxItems: list((length, limit) => length <= limit),
  items: (value, schema: JsonSchema, evaluation) =>
    !Array.isArray(value) || value.every(item => accepts(schema, item, evaluation)),
  required: (value, names: string[]) => !isObject(value) || names.every(name => Object.hasOwn(value, name)),
  properties: (value, properties: Record<string, JsonSchema>, evaluation) =>
    !isObject(value) ||
    Object.entries(properties).every(
      ([name, schema]) => !Object.hasOwn(value, name) || accepts(schema, value[name], evaluation),
    ),
  additionalProperties: (value, allowed: boolean | JsonSchema, evaluation, { properties = {} }) =>
    !isObject(value) ||
    Object.keys(value).every(
      name =>
        Object.hasOwn(properties, name) ||
        (typeof allowed === 'boolean' ? allowed : accepts(allowed, value[name], evaluation)),
    ),
  not: (value, schema: JsonSchema, evaluation) => !accepts(schema, value, evaluation),
  allOf: (value, schemas: JsonSchema[], evaluation) =>
    schemas.every(schema => accepts(schema, value, evaluation)),
  anyOf: (value, schemas: JsonSchema[], evaluation) =>
    schemas.some(schema => accepts(schema, value, evaluation)),
};

/** JSON knows one zero. */
function isSame(one: unknown, other: unknown): boolean {
  return one === other || isDeepStrictEqual(one, other);
}
