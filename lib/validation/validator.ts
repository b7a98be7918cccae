import type { ReflectedType } from '../reflected-types.ts';
import type { StandardSchema } from './standard-schema.ts';

/** A class as users write it: a DTO, or whatever `@Type()` names. */
export type Class = NonNullable<ReflectedType>;

/** What can describe a value: a DTO class, a list of one, or a Standard Schema (zod, valibot, arktype). */
export type ValueType = Class | readonly [Class] | StandardSchema;

/** Checks values of one type. Everything that its type and the options decide was decided when it was made. */
export interface Validator {
  /**
   * The checked value, or an `Invalid`: a failure is returned, never thrown.
   * A promise of either, but only when one of the checks answered with a promise.
   */
  readonly validate: (value: unknown) => unknown;
  /** The keys of a record of texts that it reads; `null` where any may matter. */
  readonly names?: readonly string[] | null;
}
