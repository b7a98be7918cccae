import { Invalid, type Issue } from '../errors.ts';
import { gatherIssues, joinPath } from '../validation/validation.ts';

/** A failed property in class-validator's shape, as an `exceptionFactory` takes it: without the value it held. */
export interface ValidationError {
  /** Empty for the whole value. */
  property: string;
  /** The texts by class-validator's names of the checks. */
  constraints?: Record<string, string>;
  /** The failures below this property. */
  children: ValidationError[];
}

/** Puts issues into class-validator's tree. */
export function validationErrorsOf(issues: readonly Issue[]): ValidationError[] {
  const errors: ValidationError[] = [];
  for (const { path, rule, message } of issues) {
    const error = errorAt(errors, path.split('.'));
    error.constraints = { ...error.constraints, [rule]: message };
  }
  return errors;
}

function errorAt(errors: ValidationError[], path: readonly string[]): ValidationError {
  let level = errors;
  let error: ValidationError = { property: '', children: [] };
  for (const property of path) {
    const found = level.find(candidate => candidate.property === property);
    error = found ?? { property, children: [] };
    if (!found) level.push(error);
    level = error.children;
  }
  return error;
}

/** The issues of a list of class-validator's errors, as many as a client may see; `undefined` for another list. */
export function issuesOfErrors(list: readonly unknown[]): readonly Issue[] | undefined {
  if (list.length === 0 || !list.every(isValidationError)) return undefined;
  return gatherIssues([new Invalid(list.flatMap(error => flatten(error, '')))])?.issues;
}

function isValidationError(value: unknown): value is ValidationError {
  if (typeof value !== 'object' || value === null) return false;
  const { property, constraints, children } = value as Partial<ValidationError>;
  return typeof property === 'string' && (typeof constraints === 'object' || Array.isArray(children));
}

function flatten(
  { property, constraints = {}, children = [] }: Partial<ValidationError>,
  above: string,
): Issue[] {
  const path = joinPath(above, property ?? '');
  const own = Object.entries(constraints).map(([rule, message]) => ({ path, rule, message }));
  return [...own, ...children.flatMap(child => flatten(child, path))];
}
