import { Invalid } from '../errors.ts';
import type { Class, ValueType } from '../validation/validation.ts';
import type { ParameterValidation } from './route-enhancers.ts';

/** What a DTO parameter is checked by: its own type, unless the pipe expects another. */
export function checkedType({ pipe }: ParameterValidation, type: ValueType): ValueType {
  const expected = pipe?.typeOf({ type: 'body' });
  return expected === undefined ? type : (expected as Class);
}

/** A check whose failure is what the pipe throws, where it has an exception of its own. */
export function failingAs(
  { pipe }: ParameterValidation,
  validate: (value: unknown) => unknown,
): (value: unknown) => unknown {
  if (pipe === null || !pipe.hasOwnException) return validate;
  const judge = (result: unknown) => {
    if (!(result instanceof Invalid)) return result;
    const exception = pipe.exceptionOf(result);
    if (exception instanceof Promise) return exception.then(rethrow);
    throw exception;
  };
  return value => {
    const result = validate(value);
    return result instanceof Promise ? result.then(judge) : judge(result);
  };
}

function rethrow(exception: unknown): never {
  throw exception;
}
