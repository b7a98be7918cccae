import { isStandardSchema } from '../standard-schema.ts';
import { Validation } from '../validation.ts';
import type { ValidationOptions } from '../validation-options.ts';
import type { ValueType } from '../validator.ts';
import type { JsonSchema } from './json-schema.ts';

/**
 * The JSON Schema (draft-07) of what a DTO class, a list of one or a Standard Schema takes as a message, with the
 * schemas of the DTOs below it in `definitions`.
 *
 * It accepts all that the check of the class accepts; rules that JSON Schema has no word for are named in `$comment`.
 * The options are those of the application: groups and `forbidNonWhitelisted` change what is taken.
 *
 * @throws ConfigurationError with `GATEWIRE_MISSING_PACKAGE` when class-validator or class-transformer is missing.
 *
 * @example
 * ```ts
 * const schema = await jsonSchemaOf(Order);
 * await Bun.write('order.schema.json', JSON.stringify(schema));
 * ```
 */
export async function jsonSchemaOf(type: ValueType, options: ValidationOptions = {}): Promise<JsonSchema> {
  const validation = new Validation(options);
  if (!isStandardSchema(type)) await validation.load();
  const schemas = await validation.jsonSchemas();
  const schema = schemas.of(type);
  const { definitions } = schemas;
  const $schema = 'http://json-schema.org/draft-07/schema#';
  return { $schema, ...schema, ...(Object.keys(definitions).length > 0 && { definitions }) };
}
