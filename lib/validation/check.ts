import { Invalid } from '../errors.ts';
import { IssueList } from './issue-list.ts';
import type { Validator } from './validator.ts';

/** One check of a value: what it gives, or its issues; a promise of either when something it calls gave a promise. */
export interface Check {
  (value: unknown): unknown;
  /** The same check in two steps, where there is compiled code. */
  readonly compiled?: CompiledSteps;
}

interface CompiledSteps {
  /** Puts compiled code in front of what is to be done when it does not answer. */
  readonly enter: (otherwise: (value: unknown) => unknown) => (value: unknown) => unknown;
  /** The check of a value that compiled code did not accept. */
  readonly refuse: Check;
}

export const NOT_AN_OBJECT = { rule: 'isObject', message: 'must be an object' };
const NOT_A_LIST = { path: '', rule: 'isArray', message: 'must be an array' };
const NOT_VALID = { path: '', rule: 'invalid', message: 'is not valid' };

/**
 * Takes whatever the check throws for an invalid value: the libraries do throw for what they did not foresee
 * (class-transformer a TypeError for `{"constructor": 1}`, class-validator a RangeError for deep recursion).
 */
export function guarded(check: Check): Check {
  // A value too deep for the stack is the client's fault, anything else that is thrown the server's.
  const refuse = (cause: unknown) => IssueList.of(NOT_VALID, cause instanceof RangeError ? undefined : cause);
  return value => {
    try {
      const result = check(value);
      return result instanceof Promise ? result.catch(refuse) : result;
    } catch (error) {
      return refuse(error);
    }
  };
}

/** Checks each element of a list; the paths of its issues start with the index. */
export function listCheck(check: Check): Check {
  return value => {
    if (!Array.isArray(value)) return IssueList.of(NOT_A_LIST);
    const results = value.map(item => check(item));
    const isPending = results.some(result => result instanceof Promise);
    return isPending ? Promise.all(results).then(gather) : gather(results);
  };
}

function gather(results: readonly unknown[]): unknown {
  const issues = new IssueList();
  for (const [at, result] of results.entries()) {
    if (result instanceof IssueList) issues.addAll(result, String(at));
  }
  return issues.total === 0 ? results : issues;
}

/** What becomes of a throw of the check: `guarded`, or `unguarded` where it is for the caller. */
export type Guard = (check: Check) => Check;

export function unguarded(check: Check): Check {
  return check;
}

/** A terse validator says that a value failed, and nothing more. */
export function validatorOf(
  check: Check,
  { isTerse, guard }: { readonly isTerse: boolean; readonly guard: Guard },
): Validator {
  const finish = (result: unknown) => {
    if (!(result instanceof IssueList)) return result;
    return isTerse ? new Invalid([], result.cause) : result.toInvalid();
  };
  const safe = guard(check.compiled?.refuse ?? check);
  const validate = (value: unknown) => {
    const result = safe(value);
    return result instanceof Promise ? result.then(finish) : finish(result);
  };
  return { validate: check.compiled?.enter(validate) ?? validate };
}
