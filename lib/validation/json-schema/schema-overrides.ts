import type { JsonSchema } from './json-schema.ts';

interface Overrides {
  own: JsonSchema;
  readonly properties: Map<PropertyKey, JsonSchema>;
}

const declared = new WeakMap<object, Overrides>();

/** Keeps what `@JsonSchema()` says of a class, or of a property when one is named. */
export function recordOverride(type: object, property: PropertyKey | undefined, keywords: JsonSchema): void {
  const known = declared.get(type) ?? { own: {}, properties: new Map() };
  declared.set(type, known);
  if (property === undefined) known.own = { ...keywords, ...known.own };
  else known.properties.set(property, { ...keywords, ...known.properties.get(property) });
}

/** What is said of the class itself, not of those it extends. */
export function overrideOf(type: object): JsonSchema {
  return declared.get(type)?.own ?? {};
}

/** What is said of a property, by the class or by the nearest one that it extends. */
export function propertyOverride(type: object, property: PropertyKey): JsonSchema {
  for (let owner: object | null = type; owner !== null; owner = Object.getPrototypeOf(owner)) {
    const found = declared.get(owner)?.properties.get(property);
    if (found) return found;
  }
  return {};
}

/** The schema with these keywords over its own. */
export function overridden(schema: JsonSchema, keywords: JsonSchema): JsonSchema {
  if (Object.keys(keywords).length === 0) return schema;
  // Beside a $ref, draft-07 ignores every other keyword.
  return schema.$ref && !keywords.$ref ? { allOf: [schema], ...keywords } : { ...schema, ...keywords };
}
