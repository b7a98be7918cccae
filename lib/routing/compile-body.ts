import { isWithin, type JsonBounds } from '../connection/json-bounds.ts';
import { Invalid } from '../errors.ts';
import {
  gatherIssues,
  isStandardSchema,
  joinPath,
  type Validation,
  type ValueType,
} from '../validation/validation.ts';
import { checkedType, failingAs } from './compile-dto.ts';
import type { BodyPlan, HookPlan } from './plan.ts';
import type { RouteEnhancers } from './route-enhancers.ts';

const TOO_LARGE = new Invalid([], undefined, 'too_large');

/** Gives what a handler's body parameters take, an `Invalid`, or a promise of either. */
export type CheckBody = (value: unknown) => unknown;

export interface BodyContext {
  /** Whether the whole frame is the body: the decoder then gives the text or the bytes that some types are. */
  readonly isPlain: boolean;
  readonly enhancers: RouteEnhancers;
  readonly bounds: JsonBounds;
}

/** Prepares the check of a handler's body; `null` where whatever was decoded is taken. */
export function compileBody(plan: HookPlan, context: BodyContext): CheckBody | null {
  const bodies = plan.arguments.flatMap(argument => (argument.from === 'body' ? [argument.body] : []));
  const [only, ...others] = bodies;
  if (only === undefined) return null;
  if (others.length > 0)
    return checkAll(bodies.map(body => checkOne(body, { ...context, isPlain: false }) ?? keep));
  return checkOne(only, context);
}

function checkOne(body: BodyPlan, { isPlain, enhancers, bounds }: BodyContext): CheckBody | null {
  const { key, type } = body;
  const path = key ?? '';
  const chosen = enhancers.validation(body);
  const { validation } = chosen;
  const ofKey = (check: CheckBody) => (key === undefined ? check : checkKey(key, check, validation));
  switch (type.kind) {
    case 'number':
      return ofKey(validation.jsonScalar(Number, path).validate);
    case 'boolean':
      return ofKey(validation.jsonScalar(Boolean, path).validate);
    case 'text':
      return isPlain && key === undefined ? null : ofKey(validation.jsonScalar(String, path).validate);
    case 'bytes':
      return isPlain && key === undefined ? null : ofKey(checkBytes(path, validation));
    case 'checked': {
      const dto = checkedType(chosen, type.type);
      const compiled = validation.json(dto).validate;
      const validate = isOfSchema(dto) ? checkBounds(bounds, compiled) : compiled;
      return failingAs(chosen, key === undefined ? validate : ofKey(value => below(key, validate(value))));
    }
    default:
      return ofKey(checkBounds(bounds, keep));
  }
}

/** Looks first whether JSON is small enough for what does not bound it itself; a DTO class reads what it declares. */
function checkBounds(bounds: JsonBounds, check: CheckBody): CheckBody {
  return value => (isWithin(value, bounds) ? check(value) : TOO_LARGE);
}

function isOfSchema(type: ValueType): boolean {
  return isStandardSchema(Array.isArray(type) ? type[0] : type);
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
  return results.find(isTooLarge) ?? gatherIssues(results) ?? results;
}

/** Puts a key before the paths of the issues found below it. */
export function below(key: string, result: unknown): unknown {
  if (result instanceof Promise) return result.then(settled => below(key, settled));
  if (!(result instanceof Invalid) || isTooLarge(result)) return result;
  return gatherIssues([
    new Invalid(result.issues.map(issue => ({ ...issue, path: joinPath(key, issue.path) }))),
  ]);
}

function checkBytes(path: string, validation: Validation): CheckBody {
  const notBytes = validation.invalid({ path, rule: 'isBytes', message: 'must be binary' });
  return value => (ArrayBuffer.isView(value) ? value : notBytes);
}

function isTooLarge(result: unknown): boolean {
  return result instanceof Invalid && result.code === 'too_large';
}

function keep(value: unknown): unknown {
  return value;
}
