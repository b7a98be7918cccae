import { Invalid } from '../errors.ts';
import { gatherIssues, joinPath, type Validation } from '../validation/validation.ts';
import type { BodyPlan, HookPlan } from './plan.ts';

/** Gives what a handler's body parameters take, an `Invalid`, or a promise of either. */
export type CheckBody = (value: unknown) => unknown;

/** Prepares the check of a handler's body; `null` where whatever was decoded is taken. */
export function compileBody(plan: HookPlan, isPlain: boolean, validation: Validation): CheckBody | null {
  const bodies = plan.arguments.flatMap(argument => (argument.from === 'body' ? [argument.body] : []));
  const [only, ...others] = bodies;
  if (only === undefined) return null;
  if (others.length > 0)
    return checkAll(bodies.map(body => checkOne(body, { isText: false, validation }) ?? keep));
  return checkOne(only, { isText: isPlain, validation });
}

interface BodyContext {
  /** Whether the decoder gives the raw text or bytes for those types, so that nothing is left to check. */
  readonly isText: boolean;
  readonly validation: Validation;
}

function checkOne({ key, type }: BodyPlan, { isText, validation }: BodyContext): CheckBody | null {
  const path = key ?? '';
  const ofKey = (check: CheckBody) => (key === undefined ? check : checkKey(key, check, validation));
  switch (type.kind) {
    case 'number':
      return ofKey(validation.jsonScalar(Number, path).validate);
    case 'boolean':
      return ofKey(validation.jsonScalar(Boolean, path).validate);
    case 'text':
      return isText && key === undefined ? null : ofKey(validation.jsonScalar(String, path).validate);
    case 'bytes':
      return isText && key === undefined ? null : ofKey(checkBytes(path, validation));
    case 'checked': {
      const { validate } = validation.json(type.type);
      return key === undefined ? validate : ofKey(value => below(key, validate(value)));
    }
    default:
      return key === undefined ? null : ofKey(keep);
  }
}

/** Applies a check to one property of a JSON object. */
function checkKey(key: string, check: CheckBody, validation: Validation): CheckBody {
  const notAnObject = validation.invalid({ path: '', rule: 'isObject', message: 'must be an object' });
  return value => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return notAnObject;
    return check(Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined);
  };
}

/** Checks several body parameters; their values are handed on as a list, their issues together. */
function checkAll(checks: readonly CheckBody[]): CheckBody {
  return value => {
    const results = checks.map(check => check(value));
    return results.some(result => result instanceof Promise)
      ? Promise.all(results).then(gather)
      : gather(results);
  };
}

function gather(results: readonly unknown[]): unknown {
  return gatherIssues(results) ?? results;
}

/** Puts a key before the paths of the issues found below it. */
export function below(key: string, result: unknown): unknown {
  if (result instanceof Promise) return result.then(settled => below(key, settled));
  if (!(result instanceof Invalid)) return result;
  return gatherIssues([
    new Invalid(result.issues.map(issue => ({ ...issue, path: joinPath(key, issue.path) }))),
  ]);
}

function checkBytes(path: string, validation: Validation): CheckBody {
  const notBytes = validation.invalid({ path, rule: 'isBytes', message: 'must be binary' });
  return value => (ArrayBuffer.isView(value) ? value : notBytes);
}

function keep(value: unknown): unknown {
  return value;
}
