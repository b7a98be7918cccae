import type { RulePlan } from '../compiler/plan.ts';
import { CALLED_SCHEMAS, samplesAgainst } from './called-schemas.ts';
import { allOf, both, either, without } from './combine.ts';
import { INLINED_SCHEMAS } from './inlined-schemas.ts';
import { isAnything, type JsonSchema } from './json-schema.ts';

/** How the rules of one direction are said. */
export interface RuleReading {
  readonly schemaOf?: (rule: RulePlan) => JsonSchema;
  /** Adds to the elements of a list what a conversion makes fit of others. */
  readonly widen?: (element: JsonSchema) => JsonSchema;
}

/** What all of the rules accept. */
export function rulesSchema(
  rules: readonly RulePlan[],
  { schemaOf = ruleSchema, widen = element => element }: RuleReading = {},
): JsonSchema {
  const whole = allOf(rules.filter(rule => !rule.each).map(schemaOf));
  const each = rules.filter(rule => rule.each);
  if (each.length === 0) return whole;
  const element = allOf(each.map(schemaOf));
  return both(whole, forEach(widen(element), element));
}

/** A value that is no list stands for itself. */
function forEach(element: JsonSchema, single: JsonSchema): JsonSchema {
  const list: JsonSchema = { type: 'array', ...(Object.keys(element).length > 0 && { items: element }) };
  return either([list, both(single, without('array'))]);
}

/** Whether a value that is not there is refused. */
export function refusesAbsent(rule: RulePlan): boolean {
  if (rule.rule.validateIf) return false;
  if (rule.leaf !== null) return !rule.leaf.test(undefined);
  const known = CALLED_SCHEMAS.get(rule.rule.name ?? '');
  return known !== undefined && isKnown(rule, known.schema(constraintsOf(rule))) && !takes(rule, undefined);
}

/** What a rule accepts of a value that is as it is in JSON. */
export function ruleSchema(rule: RulePlan): JsonSchema {
  const name = rule.rule.name ?? rule.constraints.map(constraint => constraint.name).join();
  const unsaid = { $comment: `also ${name}` };
  if (rule.rule.validateIf) return unsaid;
  const constraints = constraintsOf(rule);
  if (rule.leaf !== null) return INLINED_SCHEMAS.get(name)?.(constraints) ?? unsaid;
  const known = CALLED_SCHEMAS.get(name);
  const schema = known?.schema(constraints);
  if (!known || !schema || !isKnown(rule, schema)) return unsaid;
  return known.isExact ? schema : both(schema, unsaid);
}

function constraintsOf(rule: RulePlan): readonly unknown[] {
  return rule.rule.constraints ?? [];
}

/** Whether the constraint refuses what its schema does: a decorator of the user's own may have the same name. */
function isKnown(rule: RulePlan, schema: JsonSchema): boolean {
  return !isAnything(schema) && samplesAgainst(schema).every(value => !takes(rule, value));
}

function takes({ rule, constraints }: RulePlan, value: unknown): boolean {
  const asked = {
    ...{ value, object: {}, targetName: '', property: rule.propertyName },
    constraints: rule.constraints ?? [],
  };
  try {
    return constraints.some(({ instance }) => instance.validate(value, asked) !== false);
  } catch {
    return true;
  }
}

/** Whether a value may pass, as far as the rules that need no more than the value tell. */
export function mayPass(rules: readonly RulePlan[], value: unknown): boolean {
  return rules.every(({ leaf, rule }) => leaf === null || rule.validateIf || leaf.test(value));
}
