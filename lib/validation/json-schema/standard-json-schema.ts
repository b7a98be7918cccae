import type { StandardSchema } from '../standard-schema.ts';
import type { JsonSchema } from './json-schema.ts';

/** The part of a Standard Schema that says itself in JSON Schema: https://standardschema.dev/json-schema */
type Converter = (options: { readonly target: 'draft-07' }) => unknown;

/** What a schema says of its input or output; a schema that takes everything where it cannot say. */
export function standardJsonSchema(schema: StandardSchema, side: 'input' | 'output'): JsonSchema {
  const standard = schema['~standard'];
  const open = { $comment: `checked by a schema of ${standard.vendor}` };
  try {
    const converters: unknown = Reflect.get(standard, 'jsonSchema');
    const convert = converters && (Reflect.get(Object(converters), side) as Converter | undefined);
    if (typeof convert !== 'function') return open;
    const { $schema: _draft, ...made } = convert({ target: 'draft-07' }) as JsonSchema;
    return made;
  } catch {
    // A transform, or a type that JSON does not have.
    return open;
  }
}
