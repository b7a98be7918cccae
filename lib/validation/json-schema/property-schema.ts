import type { Conversion, PropertyPlan } from '../compiler/plan.ts';
import { castableTypes, elementTypes } from './cast-types.ts';
import { both, either, orNull } from './combine.ts';
import { type JsonSchema, NOTHING } from './json-schema.ts';
import { nestedSchema } from './nested-schema.ts';
import { type RuleReading, refusesAbsent, rulesSchema } from './rule-schema.ts';

/** What a property of the input may hold: everything that its checks accept. `ref` is the schema of the DTO below it. */
export function propertySchema(plan: PropertyPlan, ref: JsonSchema): JsonSchema {
  if (plan.conditions.length > 0) return { $comment: '@ValidateIf() decides what is checked' };
  if (plan.transform !== null) return { $comment: '@Transform() decides what it becomes' };
  const { definedRules, rules, conversion } = plan;
  if (isRemade(conversion)) return { $comment: '@Type() decides what it becomes' };
  const all = [...definedRules, ...rules];
  const given =
    conversion.kind === 'cast'
      ? either([
          checkedSchema(plan, ref, {
            widen: element => either([element, elementTypes(conversion.cast, all)]),
          }),
          castableTypes(conversion.cast, all),
          // Made into a Set or another collection, of which the rules take another view.
          conversion.takesLists ? NOTHING : { type: 'array' },
        ])
      : checkedSchema(plan, ref);
  return plan.isOptional ? orNull(given) : given;
}

/** Whether the rules look at something that JSON has no word for. */
function isRemade(conversion: Conversion): boolean {
  if (conversion.kind === 'nested') return conversion.nested.collection !== 'array';
  return conversion.kind === 'library' || (conversion.kind === 'cast' && conversion.collection !== 'array');
}

/** What the rules accept. */
function checkedSchema(
  { definedRules, rules, skipsNull, conversion }: PropertyPlan,
  ref: JsonSchema,
  reading?: RuleReading,
): JsonSchema {
  const defined = rulesSchema(definedRules, reading);
  const ordinary = rulesSchema(rules, reading);
  if (conversion.kind !== 'nested') return both(defined, skipsNull ? orNull(ordinary) : ordinary);
  const below = { ref, takesLists: conversion.nested.takesLists, skipsNull };
  if (!skipsNull) return nestedSchema(both(defined, ordinary), below);
  return both(defined, orNull(nestedSchema(ordinary, below)));
}

/** Whether the input must hold the property. */
export function isRequired(plan: PropertyPlan): boolean {
  const { conditions, definedRules, rules, isOptional, skipsUndefined, hasDefault, transform, input } = plan;
  if (input.rivals.length > 0) return false;
  if (conditions.length > 0 || isOptional || hasDefault || transform !== null) return false;
  return (skipsUndefined ? definedRules : [...definedRules, ...rules]).some(refusesAbsent);
}
