import type { Explanation, Place } from './explanation.ts';
import { fail } from './fail.ts';
import { type Asking, failureText, question, type TextContext } from './failure-text.ts';
import { callConstraint, forEach } from './later-check.ts';
import type { ClassPlan, PropertyPlan, RulePlan } from './plan.ts';

/** Notes how a value fails one rule, if it does. */
export type ExplainRule = (place: Place) => void;

export interface RuleContext extends TextContext {
  readonly plan: ClassPlan;
  readonly property: PropertyPlan;
}

export function explainRule(rulePlan: RulePlan, context: RuleContext): ExplainRule {
  if (needsInstance(rulePlan, context)) return ({ explanation }) => explanation.giveUp();
  const [only, ...others] = rulePlan.constraints.map(constraint => {
    const passes =
      rulePlan.leaf === null ? called(rulePlan, constraint, context) : inlined(rulePlan, constraint);
    return explainConstraint({ rulePlan, constraint, passes }, context);
  });
  if (only === undefined) return () => {};
  if (others.length === 0) return only;
  return place => {
    only(place);
    for (const other of others) other(place);
  };
}

function needsInstance({ leaf, rule }: RulePlan, { libraries, property }: RuleContext): boolean {
  const isNested = property.conversion.kind === 'nested';
  if (rule.validateIf || (isNested && typeof rule.message === 'function')) return true;
  return leaf === null && (isNested || !libraries.constraintNames.has(rule.name));
}

type Constraint = RulePlan['constraints'][number];
type Passes = (value: unknown, explanation: Explanation) => boolean;

interface ConstraintExplaining {
  readonly rulePlan: RulePlan;
  readonly constraint: Constraint;
  readonly passes: Passes;
}

function explainConstraint(
  { rulePlan, constraint, passes }: ConstraintExplaining,
  context: RuleContext,
): ExplainRule {
  const { plan, property, options } = context;
  const { rule, leaf } = rulePlan;
  const stops = options.validator.stopAtFirstError === true;
  const key = constraint.name || rule.type;
  const failing = { plan, property: property.name, rule, constraint, key, className: plan.type.name };
  const textOf = failureText({ ...failing, isInlined: leaf !== null }, context);
  const note = fail(key, textOf);
  return place => {
    if (stops && place.failed.length > 0) return;
    if (!passes(place.value, place.explanation)) note(place);
  };
}

/**
 * The predicate, and where it refuses the constraint itself: the predicate may be stricter. It is one of
 * class-validator's own, which looks at nothing but the value and its arguments, so one question does for all
 * values. Whatever else looks at the object gets a throw, and class-validator decides.
 */
function inlined(rulePlan: RulePlan, { instance }: Constraint): Passes {
  const { rule, leaf, each } = rulePlan;
  const asked = {
    ...{ targetName: '', property: rule.propertyName, constraints: rule.constraints },
    value: undefined as unknown,
    get object(): object {
      throw new Error('there is no instance');
    },
  };
  const test = leaf?.test ?? (() => false);
  const passes = (value: unknown) => {
    if (test(value)) return true;
    asked.value = value;
    return Boolean(instance.validate(value, asked));
  };
  return each ? value => forEach(rulePlan, value, passes) : passes;
}

/** A constraint that is called anyway. One of the user's may be another each time it is read. */
function called(rulePlan: RulePlan, constraint: Constraint, { plan }: RuleContext): Passes {
  const { propertyName, constraints } = rulePlan.rule;
  const asking: Asking = { plan, targetName: plan.type.name, property: propertyName, constraints };
  return (value, explanation) => {
    const asked = question(asking, value, explanation);
    const onPromise = () => explanation.giveUp();
    return callConstraint(rulePlan, constraint.instance, { asked, onPromise });
  };
}
