import type { Rule } from '../class-metadata.ts';
import type { ResolvedOptions } from '../validation-options.ts';
import { isCondition, isOptional } from './conditions.ts';
import type { CheckedProperty } from './early-check.ts';
import type { Condition } from './plan.ts';
import type { PlanRule } from './plan-rule.ts';

export type PropertyChecks = Pick<
  CheckedProperty,
  'isOptional' | 'skipsUndefined' | 'skipsNull' | 'conditions' | 'definedRules' | 'rules' | 'nestedRule'
>;

/** What is checked of a property, in the words of class-validator's options. */
export function planChecks(
  rules: readonly Rule[],
  { options, planRule }: { readonly options: ResolvedOptions; readonly planRule: PlanRule },
): PropertyChecks {
  const { skipMissingProperties, skipNullProperties, skipUndefinedProperties } = options.validator;
  return {
    isOptional: rules.some(isOptional),
    skipsUndefined: skipMissingProperties === true || skipUndefinedProperties === true,
    skipsNull: skipMissingProperties === true || skipNullProperties === true,
    conditions: rules.filter(isCondition).map(rule => rule.constraints[0] as Condition),
    definedRules: rules.filter(rule => rule.type === 'isDefined').map(planRule),
    rules: rules.filter(rule => rule.type === 'customValidation').map(planRule),
    nestedRule: rules.find(rule => rule.type === 'nestedValidation') ?? null,
  };
}
