import type { ValidationArguments, ValidatorConstraintInterface } from 'class-validator';
import { isHarmlessDefault } from './build-parts.ts';
import type { PropertyPlan, RulePlan } from './plan.ts';
import { isInlined } from './plan.ts';

/** Whether the instance passes what could not be checked before there was one. */
export type LaterCheck = (value: unknown, object: object) => boolean;

/**
 * The checks of a property that are given the instance: constraints that are called, `@ValidateIf()` with all that it
 * decides about, the option `validateIf`, and DTOs that a `@Transform()` made. `null` when there are none.
 *
 * A DTO that was built although its `@ValidateIf()` says no was also judged, and what its constructor sets was
 * removed: class-validator would have left it alone, so that is a `MISS`.
 *
 * A constraint that answers with a promise is reported: only the libraries can wait for it, and must from then on.
 */
export function laterCheck(plan: PropertyPlan, onPromise: () => void): LaterCheck | null {
  const isConditional = plan.conditions.length > 0;
  const isLater = (rule: RulePlan) => isConditional || !isInlined(rule);
  const definedRules = plan.definedRules.filter(isLater);
  const rules = plan.rules.filter(isLater);
  const { nestedCheck } = plan;
  const isNested = isConditional && plan.nestedRule !== null;
  if (definedRules.length + rules.length === 0 && nestedCheck === null && !isNested) return null;
  const passes = (rule: RulePlan, value: unknown, object: object) =>
    passesRule(rule, { value, object, onPromise });
  return (value, object) => {
    if (plan.isOptional && (value === null || value === undefined)) return true;
    if (isConditional && !plan.conditions.every(condition => condition(object, value)))
      return plan.nestedRule === null || isHarmlessDefault(value, true);
    if (!definedRules.every(rule => passes(rule, value, object))) return false;
    if (isSkipped(plan, value)) return true;
    if (isNested && value === null) return false;
    return rules.every(rule => passes(rule, value, object)) && (nestedCheck === null || nestedCheck(value));
  };
}

type Skipping = Pick<PropertyPlan, 'skipsUndefined' | 'skipsNull'>;

/** Whether the `skip*Properties` options leave a value unchecked. */
export function isSkipped({ skipsUndefined, skipsNull }: Skipping, value: unknown): boolean {
  return (skipsUndefined && value === undefined) || (skipsNull && value === null);
}

interface Question {
  readonly value: unknown;
  readonly object: object;
  readonly onPromise: () => void;
}

function passesRule(plan: RulePlan, question: Question): boolean {
  const { value, object, onPromise } = question;
  if (plan.rule.validateIf && !plan.rule.validateIf(object, value)) return true;
  if (plan.leaf) return forEach(plan, value, plan.leaf.test);
  const asked: ValidationArguments = {
    targetName: object.constructor.name,
    property: plan.rule.propertyName,
    object,
    value,
    constraints: plan.rule.constraints,
  };
  return plan.constraints.every(({ instance }) => callConstraint(plan, instance, { asked, onPromise }));
}

/** Asks the constraint itself, as class-validator would. */
export function callConstraint(
  plan: RulePlan,
  instance: ValidatorConstraintInterface,
  question: ConstraintQuestion,
): boolean {
  const { value } = question.asked;
  if (!plan.each) return callOnce(instance, value, question);
  return forEach(plan, value, item => callOnce(instance, item, question));
}

interface ConstraintQuestion {
  readonly asked: ValidationArguments;
  readonly onPromise: () => void;
}

function callOnce(
  instance: ValidatorConstraintInterface,
  value: unknown,
  { asked, onPromise }: ConstraintQuestion,
): boolean {
  const answer: unknown = instance.validate(value, asked);
  if (!isPromise(answer)) return Boolean(answer);
  answer.then(undefined, () => undefined);
  onPromise();
  return false;
}

/** Only a list, a Set or a Map has elements; anything else stands for itself. */
export function forEach({ each }: RulePlan, value: unknown, test: (value: unknown) => boolean): boolean {
  if (!each) return test(value);
  if (Array.isArray(value)) return passesAll(value, test);
  if (value instanceof Set || value instanceof Map) return passesAll([...value.values()], test);
  return test(value);
}

/** Unlike `every()`, it looks at holes too. */
function passesAll(items: readonly unknown[], test: (value: unknown) => boolean): boolean {
  for (let at = 0; at < items.length; at++) if (!test(items[at])) return false;
  return true;
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}
