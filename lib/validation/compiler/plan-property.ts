import type { Rule } from '../class-metadata.ts';
import { converterOf } from './convert-value.ts';
import { fineCheck } from './early-check.ts';
import { nestedJudge } from './nested-judge.ts';
import type { PropertyPlan } from './plan.ts';
import { planChecks } from './plan-checks.ts';
import { conversionOf } from './plan-conversion.ts';
import type { PropertyContext, PropertySource } from './property-source.ts';
import { transformOf } from './transform.ts';

/** The plan of a property, or why it cannot be compiled. */
export function planProperty(source: PropertySource, context: PropertyContext): PropertyPlan | string {
  const { rules, shape } = source;
  const refusal = refusalOf(source);
  if (refusal !== null) return refusal;
  const checks = planChecks(rules, context);
  const { definedRules, isOptional, skipsNull, conditions, nestedRule } = checks;
  const conversion = conversionOf(source, context, [...definedRules, ...checks.rules]);
  if (typeof conversion === 'string') return conversion;
  const transform = transformOf(source.type, shape.name, context);
  const plan = {
    ...checks,
    name: shape.name,
    input: context.keys.of(shape.name),
    conversion,
    convert: converterOf(conversion, isOptional || skipsNull || conditions.length > 0),
    transform,
    keepsDefault: context.options.transformer.exposeUnsetFields === false,
    nestedCheck: nestedRule && transform ? nestedJudge(context) : null,
    hasDefault: source.initial !== undefined,
  };
  return { ...plan, isFine: fineCheck(plan) };
}

const KNOWN_RULES = new Set([
  'customValidation',
  'isDefined',
  'conditionalValidation',
  'nestedValidation',
  'whitelistValidation',
]);

function refusalOf({ type, shape, rules, initial }: PropertySource): string | null {
  const unknown = rules.find(rule => !KNOWN_RULES.has(rule.type));
  if (unknown) return `${unknown.type} is left to class-validator`;
  if (shape.name in (type.prototype as object)) return 'an accessor or a method of the class';
  if (typeof initial === 'function') return 'the constructor sets a function';
  if (rules.filter(rule => rule.type === 'nestedValidation').length > 1) return '@ValidateNested() twice';
  if (rules.some(rule => isSticky(rule)))
    return '@Matches() of a sticky RegExp, which depends on what it matched last';
  return null;
}

function isSticky(rule: Rule): boolean {
  return (rule.constraints ?? []).some(
    (constraint: unknown) => constraint instanceof RegExp && constraint.sticky,
  );
}
