import { isDeepStrictEqual } from 'node:util';
import type { ClassPlan, PropertyPlan } from '../compiler/plan.ts';
import type { DtoShape } from '../dto-shape.ts';
import type { OutgoingPlan } from '../outgoing/outgoing-plan.ts';
import { ANYTHING, type JsonSchema } from './json-schema.ts';
import { isRequired, propertySchema } from './property-schema.ts';
import { overridden, overrideOf, propertyOverride } from './schema-overrides.ts';
import { isAlwaysSent, type SentBelow, sentSchema } from './sent-schema.ts';
import { textSchema } from './text-slot-schema.ts';

export interface ClassSchemaContext {
  readonly shape: DtoShape;
  readonly isText: boolean;
  /** The schema of the DTO below a property. */
  readonly refOf: (property: string) => JsonSchema;
}

/** The schema of a DTO that the compiler understands. */
export function classSchema(plan: ClassPlan, context: ClassSchemaContext): JsonSchema {
  const { type, properties, unknown, keys } = plan;
  const defaults = defaultsOf(plan);
  const required = properties.filter(isRequired).flatMap(({ input }) => input.key ?? []);
  const schema: JsonSchema = {
    type: 'object',
    properties: {
      ...Object.fromEntries([...keys].map(key => [key, ANYTHING])),
      ...Object.fromEntries(
        properties.flatMap(property => {
          if (property.input.key === null) return [];
          const own = { ...valueSchema(property, context), ...defaults.get(property.name) };
          return [[property.input.key, overridden(own, propertyOverride(type, property.name))]];
        }),
      ),
    },
    ...(required.length > 0 && { required }),
    ...(unknown === 'forbid' && { additionalProperties: false }),
  };
  return overridden(schema, overrideOf(type));
}

function valueSchema(property: PropertyPlan, { shape, isText, refOf }: ClassSchemaContext): JsonSchema {
  const value = propertySchema(property, refOf(property.name));
  const described = shape.properties.get(property.name);
  return isText && described ? textSchema(described, value) : value;
}

/** The schema of what is sent of a DTO. */
export function sentClassSchema(
  { type, properties }: OutgoingPlan,
  belowOf: (property: string) => SentBelow,
): JsonSchema {
  const sent = properties.flatMap(property =>
    property.output === null ? [] : [{ property, output: property.output }],
  );
  const required = sent.filter(({ property }) => isAlwaysSent(property)).map(({ output }) => output);
  const schema: JsonSchema = {
    type: 'object',
    properties: Object.fromEntries(
      sent.map(({ property, output }) => {
        const own = sentSchema(property, belowOf(property.name));
        return [output, overridden(own, propertyOverride(type, property.name))];
      }),
    ),
    ...(required.length > 0 && { required }),
  };
  return overridden(schema, overrideOf(type));
}

/** A schema that takes every object, for a DTO that only the libraries can check. */
export function openSchema({ type, inputs }: DtoShape, reasons: readonly string[]): JsonSchema {
  const names = new Set([...inputs].map(([input]) => input));
  const schema: JsonSchema = {
    type: 'object',
    $comment: `${type.name} is checked by class-validator itself, so its rules are not listed: ${reasons.join('; ')}`,
    properties: Object.fromEntries(
      [...names].map(name => [name, overridden(ANYTHING, propertyOverride(type, name))]),
    ),
  };
  return overridden(schema, overrideOf(type));
}

/** What the constructor sets each time, as far as JSON can say it. */
function defaultsOf({ type, properties }: ClassPlan): ReadonlyMap<string, JsonSchema> {
  const found = new Map<string, JsonSchema>();
  if (!properties.some(({ hasDefault }) => hasDefault)) return found;
  const [one, other] = [new type(), new type()];
  for (const { name, hasDefault, input } of properties) {
    const value: unknown = Reflect.get(one, name);
    const isLost = input.absent === 'undefined';
    if (hasDefault && !isLost && isDeepStrictEqual(value, Reflect.get(other, name)) && isJson(value)) {
      found.set(name, { default: value });
    }
  }
  return found;
}

function isJson(value: unknown): boolean {
  try {
    return isDeepStrictEqual(JSON.parse(JSON.stringify(value)), value);
  } catch {
    return false;
  }
}
