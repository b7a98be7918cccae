import type { Cast, RulePlan } from '../compiler/plan.ts';
import { both, ofTypes } from './combine.ts';
import type { JsonSchema, JsonType } from './json-schema.ts';
import { mayPass } from './rule-schema.ts';

/** For each target of a cast, by what it leaves as it is: all that values of another type can become, if that is a few. */
const OUTCOMES: Readonly<Record<string, Partial<Record<JsonType, readonly unknown[]>>>> = {
  string: { boolean: ['true', 'false'], object: ['[object Object]'] },
  number: { boolean: [1, 0], object: [Number.NaN] },
  boolean: { number: [true, false], object: [true], string: [true, false] },
  '': { boolean: [new Date(0), new Date(1)], object: [new Date(Number.NaN)] },
};

const CASTABLE: readonly JsonType[] = ['boolean', 'number', 'object', 'string'];

/** The types of which `@Type()` may make a value that the rules accept. */
export function castableTypes({ keeps }: Cast, rules: readonly RulePlan[]): JsonSchema {
  const outcomes = OUTCOMES[keeps] ?? {};
  const types = ofTypes(
    CASTABLE.filter(type => type !== keeps).filter(
      type => outcomes[type]?.some(value => mayPass(rules, value)) ?? true,
    ),
  );
  return keeps === '' ? both(types, { format: 'date-time' }) : types;
}

/** The same for an element of a list, which only the rules with `each` look at. */
export function elementTypes(cast: Cast, rules: readonly RulePlan[]): JsonSchema {
  return castableTypes(
    cast,
    rules.filter(rule => rule.each),
  );
}
