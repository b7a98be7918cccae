import type { Rule } from '../class-metadata.ts';
import type { Condition } from './plan.ts';

/** class-validator keeps its `@IsOptional()` as a condition of that name: any other function of that name must do the same. */
export function isOptional(rule: Rule): boolean {
  if (rule.type !== 'conditionalValidation' || rule.name !== 'isOptional') return false;
  const condition = rule.constraints[0] as Condition;
  return [undefined, null, 0, '', false, 'a', {}].every(value => {
    return condition({ [rule.propertyName]: value }, value) === (value !== undefined && value !== null);
  });
}

/** `@ValidateIf()`. */
export function isCondition(rule: Rule): boolean {
  return rule.type === 'conditionalValidation' && !isOptional(rule);
}
