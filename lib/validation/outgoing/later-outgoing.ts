import type { ValidationArguments } from 'class-validator';
import { callConstraint, forEach, isSkipped } from '../compiler/later-check.ts';
import { isInlined, type RulePlan } from '../compiler/plan.ts';
import type { Plain } from '../undeclared.ts';
import type { OutgoingPlan, OutgoingProperty } from './outgoing-plan.ts';

/** Whether a value passes the rules of its property that have to be called. */
export type LaterOutgoing = (value: unknown, from: Plain) => boolean;

/**
 * The checks of a property that may look at the instance, which is made only where one does. `null` without any.
 */
export function laterOutgoing(
  { checks }: OutgoingProperty,
  { type, instanceOf }: OutgoingPlan,
  onPromise: () => void,
): LaterOutgoing | null {
  const { conditions, isOptional } = checks;
  const isLater = (rule: RulePlan) => conditions.length > 0 || !isInlined(rule);
  const defined = checks.definedRules.filter(isLater);
  const ordinary = checks.rules.filter(isLater);
  if (defined.length + ordinary.length === 0) return null;
  const passes = (plan: RulePlan, value: unknown, from: Plain): boolean => {
    const { rule, leaf, constraints } = plan;
    if (rule.validateIf && !rule.validateIf(instanceOf(from), value)) return true;
    if (leaf !== null) return forEach(plan, value, leaf.test);
    const asked: ValidationArguments = {
      ...{ targetName: type.name, property: rule.propertyName, value, constraints: rule.constraints },
      get object() {
        return instanceOf(from);
      },
    };
    return constraints.every(({ instance }) => callConstraint(plan, instance, { asked, onPromise }));
  };
  return (value, from) => {
    if (isOptional && (value === null || value === undefined)) return true;
    if (conditions.length > 0) {
      const instance = instanceOf(from);
      if (!conditions.every(condition => condition(instance, value))) return true;
    }
    if (!defined.every(rule => passes(rule, value, from))) return false;
    return isSkipped(checks, value) || ordinary.every(rule => passes(rule, value, from));
  };
}
