import { both, either, orNull, typesOf } from './combine.ts';
import type { JsonSchema } from './json-schema.ts';

/** What is below a property that `@ValidateNested()` checks. */
export interface Below {
  /** The schema of the DTO. */
  readonly ref: JsonSchema;
  readonly takesLists: boolean;
  /** Whether `null` is not checked (`skipNullProperties`, `skipMissingProperties`), which holds for elements, too. */
  readonly skipsNull: boolean;
}

/**
 * The DTO or a list of it, as far as the property's own rules take them. class-validator lets a list in a list pass,
 * each element checked.
 */
export function nestedSchema(own: JsonSchema, { ref, takesLists, skipsNull }: Below): JsonSchema {
  const { type: _implied, ...rest } = own;
  const types = typesOf(own);
  const element = either([ref, { type: 'array' }]);
  const list: JsonSchema = { type: 'array', items: skipsNull ? orNull(element) : element };
  const forms = [
    ...(types.includes('object') ? [ref] : []),
    ...(takesLists && types.includes('array') ? [list] : []),
  ];
  return both(rest, either(forms));
}
