import { isDeepStrictEqual } from 'node:util';
import { ANYTHING, isAnything, isNothing, type JsonSchema, type JsonType, NOTHING } from './json-schema.ts';

const TYPES: readonly JsonType[] = ['array', 'boolean', 'null', 'number', 'object', 'string'];

/** The types that a schema names; all of them where it names none. */
export function typesOf({ type }: JsonSchema): readonly JsonType[] {
  if (type === undefined) return TYPES;
  return typeof type === 'string' ? [type] : type;
}

/** What is of one of these types. */
export function ofTypes(types: readonly JsonType[]): JsonSchema {
  if (types.length === 0) return NOTHING;
  return { type: types.length === 1 ? (types[0] as JsonType) : types };
}

export function without(type: JsonType): JsonSchema {
  return ofTypes(TYPES.filter(one => one !== type));
}

/** What all of the schemas accept. */
export function allOf(schemas: readonly JsonSchema[]): JsonSchema {
  return schemas.reduce(both, ANYTHING);
}

/** What both accept, in the keywords of one schema where that can be said. */
export function both(one: JsonSchema, other: JsonSchema): JsonSchema {
  if (Object.keys(one).length === 0) return other;
  if (Object.keys(other).length === 0) return one;
  if (isNothing(one) || isNothing(other)) return NOTHING;
  // Beside a $ref, draft-07 ignores every other keyword.
  if (one.$ref || other.$ref) return { allOf: [...partsOf(one), ...partsOf(other)] };
  if (one.anyOf && other.type) return narrowed(one, other);
  if (other.anyOf && one.type) return narrowed(other, one);
  return merged(one, other);
}

function partsOf(schema: JsonSchema): readonly JsonSchema[] {
  return Object.keys(schema).join() === 'allOf' ? (schema.allOf ?? []) : [schema];
}

/** Drops the alternatives that the types of the other schema leave no room for. */
function narrowed({ anyOf = [], ...rest }: JsonSchema, other: JsonSchema): JsonSchema {
  const types = ofTypes(typesOf(other));
  const left = anyOf.filter(alternative => alternative.$ref || !isNothing(both(alternative, types)));
  return merged(both(either(left), rest), other);
}

function merged(one: JsonSchema, other: JsonSchema): JsonSchema {
  const result: Record<string, unknown> = { ...one };
  const beside: JsonSchema[] = [];
  for (const [keyword, value] of Object.entries(other)) {
    if (!(keyword in result) || isDeepStrictEqual(result[keyword], value)) {
      result[keyword] = value;
      continue;
    }
    const joined = JOINED.get(keyword)?.(result[keyword] as never, value as never);
    if (joined === undefined) beside.push({ [keyword]: value });
    else if (Array.isArray(joined) && joined.length === 0) return NOTHING;
    else result[keyword] = joined;
  }
  if (beside.length === 0) return result;
  return { ...result, allOf: [...((result.allOf as JsonSchema[]) ?? []), ...beside] };
}

/** How two values of one keyword become one that says both; other keywords stand beside each other in `allOf`. */
const JOINED: ReadonlyMap<string, (one: never, other: never) => unknown> = new Map([
  ['type', sharedTypes],
  ['enum', (one: unknown[], other: unknown[]) => one.filter(item => other.includes(item))],
  ['allOf', (one: unknown[], other: unknown[]) => [...one, ...other]],
  ['$comment', (one: string, other: string) => `${one}; ${other}`],
  ...['minimum', 'exclusiveMinimum', 'minLength', 'minItems'].map(name => [name, Math.max] as const),
  ...['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems'].map(name => [name, Math.min] as const),
] as [string, (one: never, other: never) => unknown][]);

function sharedTypes(one: JsonSchema['type'], other: JsonSchema['type']): unknown {
  const [own, others] = [typesOf({ type: one as JsonType }), typesOf({ type: other as JsonType })];
  const shared = own.flatMap((type): readonly JsonType[] => {
    if (others.includes(type)) return [type];
    if (type === 'number' && others.includes('integer')) return ['integer'];
    return type === 'integer' && others.includes('number') ? [type] : [];
  });
  return shared.length === 1 ? shared[0] : shared;
}

/** What at least one of the schemas accepts. */
export function either(schemas: readonly JsonSchema[]): JsonSchema {
  const alternatives = schemas.filter(schema => !isNothing(schema)).flatMap(alternativesOf);
  if (alternatives.some(isAnything)) return ANYTHING;
  const simple = alternatives.filter(isTypeOnly);
  const types = ofTypes([...new Set(simple.flatMap(typesOf))]);
  const others = alternatives.filter(schema => !isTypeOnly(schema));
  const distinct = [...others, ...(simple.length === 0 ? [] : [types])].filter(isFirst);
  if (distinct.length === 0) return NOTHING;
  return distinct.length === 1 ? (distinct[0] as JsonSchema) : { anyOf: distinct };
}

function alternativesOf(schema: JsonSchema): readonly JsonSchema[] {
  return Object.keys(schema).join() === 'anyOf' ? (schema.anyOf ?? []) : [schema];
}

function isTypeOnly(schema: JsonSchema): boolean {
  return Object.keys(schema).join() === 'type';
}

function isFirst(schema: JsonSchema, at: number, all: readonly JsonSchema[]): boolean {
  return all.findIndex(other => isDeepStrictEqual(other, schema)) === at;
}

/** Keywords that say something of `null` itself. */
const OF_NULL = ['not', 'anyOf', 'allOf', '$ref', 'const'];

/** What the schema accepts, and `null`. */
export function orNull(schema: JsonSchema): JsonSchema {
  if (OF_NULL.some(keyword => keyword in schema)) return either([schema, { type: 'null' }]);
  const { type, enum: values } = schema;
  return {
    ...schema,
    ...(type && ofTypes([...new Set<JsonType>([...typesOf(schema), 'null'])])),
    ...(values && { enum: [...new Set([...values, null])] }),
  };
}
