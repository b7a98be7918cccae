import type { ValidatorOptions } from 'class-validator';
import type { ClassLibraries } from '../class-libraries.ts';

export interface JudgeContext {
  readonly libraries: ClassLibraries;
  readonly options: { readonly validator: ValidatorOptions };
  readonly onPromise: () => void;
}

/** Judges DTOs that somebody else made, as `@ValidateNested()` does: by class-validator itself. */
export function nestedJudge({ libraries, options, onPromise }: JudgeContext): (value: unknown) => boolean {
  const { skipMissingProperties, skipNullProperties } = options.validator;
  const skipsNull = skipMissingProperties === true || skipNullProperties === true;
  const passes = (value: unknown): boolean => {
    if (value === undefined || (value === null && skipsNull)) return true;
    if (Array.isArray(value)) return value.every(passes);
    if (value instanceof Set || value instanceof Map) return [...value.values()].every(passes);
    if (!(value instanceof Object)) return false;
    const errors = libraries.check(value, options.validator);
    if (!(errors instanceof Promise)) return errors.length === 0;
    errors.catch(() => undefined);
    onPromise();
    return false;
  };
  return passes;
}
