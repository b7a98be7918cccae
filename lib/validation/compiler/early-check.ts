import { earlyRules } from './build-parts.ts';
import { forEach, isSkipped } from './later-check.ts';
import { isInlined, type Leaf, type PropertyPlan, type RulePlan } from './plan.ts';

/** What the rules of a property are planned into, before it is known whether they say all. */
export type CheckedProperty = Omit<PropertyPlan, 'isFine'>;

/** The inlined rules of a property in one predicate. */
export function earlyCheck(property: CheckedProperty): (value: unknown) => boolean {
  const { defined, ordinary } = earlyRules(property);
  const passesDefined = conjunction(defined);
  const passesOrdinary = conjunction(ordinary);
  const { isOptional } = property;
  if (defined.length === 0 && !property.skipsUndefined && !property.skipsNull) {
    return isOptional
      ? value => value === undefined || value === null || passesOrdinary(value)
      : passesOrdinary;
  }
  return value => {
    if (isOptional && (value === undefined || value === null)) return true;
    return passesDefined(value) && (isSkipped(property, value) || passesOrdinary(value));
  };
}

/** Nested in pairs: a callback for `every()` costs more than all the predicates. */
function conjunction(rules: readonly RulePlan[]): (value: unknown) => boolean {
  const tests = rules.map(rule => {
    const { test } = rule.leaf as Leaf;
    return rule.each ? (value: unknown) => forEach(rule, value, test) : test;
  });
  const [last, ...before] = tests.reverse();
  return before.reduce((rest, test) => value => test(value) && rest(value), last ?? (() => true));
}

/** A predicate that says all there is to say of a value; `null` where a rule needs more than the value. */
export function fineCheck(property: CheckedProperty): ((value: unknown) => boolean) | null {
  const { conditions, definedRules, rules, nestedRule } = property;
  const saysAll =
    conditions.length === 0 && nestedRule === null && [...definedRules, ...rules].every(isInlined);
  return saysAll ? earlyCheck(property) : null;
}
