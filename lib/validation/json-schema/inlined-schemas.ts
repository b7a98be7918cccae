import { without } from './combine.ts';
import { ANYTHING, type JsonSchema, NOTHING } from './json-schema.ts';
import { lengthSchema, patternSchema, uuidSchema } from './text-schemas.ts';

type SchemaOf = (constraints: readonly unknown[]) => JsonSchema;

const always = (schema: JsonSchema): SchemaOf => {
  return () => schema;
};

/** What the values that a built-in rule lets pass look like as JSON, by the names of class-validator's constraints. */
export const INLINED_SCHEMAS: ReadonlyMap<string, SchemaOf> = new Map<string, SchemaOf>([
  ['isDefined', always(without('null'))],
  ['equals', ([other]) => (isJsonScalar(other) ? { const: other } : ANYTHING)],
  ['notEquals', ([other]) => (isJsonScalar(other) ? { not: { const: other } } : ANYTHING)],
  ['isEmpty', always({ enum: ['', null] })],
  // Says nothing of what has no length.
  ['isNotEmpty', always({ ...without('null'), minLength: 1 })],
  ['isIn', ([values]) => oneOf(values as readonly unknown[])],
  ['isInt', always({ type: 'integer' })],
  ['isNumber', always({ type: 'number' })],
  ['min', ([limit]) => ({ type: 'number', ...finite('minimum', limit) })],
  ['max', ([limit]) => ({ type: 'number', ...finite('maximum', limit) })],
  ['isPositive', always({ type: 'number', exclusiveMinimum: 0 })],
  ['isNegative', always({ type: 'number', exclusiveMaximum: 0 })],
  ['isString', always({ type: 'string' })],
  ['isBoolean', always({ type: 'boolean' })],
  ['isArray', always({ type: 'array' })],
  ['isObject', always({ type: 'object' })],
  // JSON has no dates: only what @Type(() => Date) makes of a text or a number is one.
  ['isDate', always(NOTHING)],
  ['isEnum', ([entity]) => oneOf(Object.values(entity as object))],
  ['arrayMinSize', ([size]) => ({ type: 'array', ...count('minItems', Math.ceil(size as number)) })],
  ['arrayMaxSize', ([size]) => ({ type: 'array', ...count('maxItems', Math.floor(size as number)) })],
  ['arrayNotEmpty', always({ type: 'array', minItems: 1 })],
  ['isLength', ([min, max]) => lengthSchema(min as number, max as number | undefined)],
  ['minLength', ([min]) => lengthSchema(min as number, undefined)],
  ['maxLength', ([max]) => lengthSchema(0, max as number)],
  ['matches', ([pattern]) => patternSchema(pattern as RegExp)],
  ['isUuid', ([version]) => uuidSchema(version)],
]);

function isJsonScalar(value: unknown): boolean {
  return value === null || ['string', 'boolean'].includes(typeof value) || Number.isFinite(value);
}

/** No object of the input can be a member: it is another one. */
function oneOf(values: readonly unknown[]): JsonSchema {
  const members = [...new Set(values.filter(isJsonScalar))];
  return members.length === 0 ? NOTHING : { enum: members };
}

function finite(keyword: string, limit: unknown): JsonSchema {
  return Number.isFinite(limit) ? { [keyword]: limit } : {};
}

function count(keyword: string, size: number): JsonSchema {
  return Number.isSafeInteger(size) && size >= 0 ? { [keyword]: size } : {};
}
