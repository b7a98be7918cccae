import { type JsonSchema as Keywords, recordOverride } from '../validation/validation.ts';

/** A JSON Schema of draft-07, or some keywords of one. */
export type JsonSchema = Keywords;

/**
 * Says more of a DTO, or of one of its properties, than its validation decorators do: keywords of JSON Schema
 * (draft-07), which replace those that are made from the decorators. Nothing is checked by them.
 *
 * What is said of a property also holds for the classes that extend this one, until they say something else.
 *
 * @example
 * ```ts
 * @JsonSchema({ description: 'What a member says' })
 * class Message {
 *   @JsonSchema({ examples: ['hello'] })
 *   @IsString()
 *   text!: string;
 * }
 * ```
 */
export function JsonSchema(keywords: JsonSchema): ClassDecorator & PropertyDecorator {
  return (target: object, property?: PropertyKey) => {
    if (typeof target === 'function') recordOverride(target, undefined, keywords);
    // A standard decorator passes no prototype of which a class could be told.
    else if (target !== undefined) recordOverride(target.constructor, property, keywords);
  };
}
