import type { Cast, RulePlan } from '../compiler/plan.ts';
import type { OutgoingProperty } from '../outgoing/outgoing-plan.ts';
import { both, orNull, typesOf } from './combine.ts';
import type { JsonSchema } from './json-schema.ts';
import { nestedSchema } from './nested-schema.ts';
import { refusesAbsent, ruleSchema, rulesSchema } from './rule-schema.ts';

/** What is below a property that is sent. */
export interface SentBelow {
  /** The schema of the DTO. */
  readonly ref: JsonSchema;
  /** What `@Type()` of a scalar does once more on the way out. */
  readonly cast: Cast | null;
}

const DATE: JsonSchema = { type: 'string', format: 'date-time' };

/** What the JSON of a property that is sent may be: of all that its checks accept, as it is serialised. */
export function sentSchema({ checks, transform }: OutgoingProperty, { ref, cast }: SentBelow): JsonSchema {
  const { conditions, definedRules, rules, skipsNull, isOptional, nestedRule } = checks;
  if (conditions.length > 0) return { $comment: '@ValidateIf() decides what is checked' };
  if (transform !== null) return { $comment: '@Transform() decides what is sent' };
  const own = rulesSchema(rules, { schemaOf: sentRule });
  const ordinary = nestedRule === null ? own : nestedSchema(own, { ref, takesLists: true, skipsNull });
  const value = both(
    rulesSchema(definedRules, { schemaOf: sentRule }),
    skipsNull ? orNull(ordinary) : ordinary,
  );
  if (cast !== null && !isKept(value, cast)) return { $comment: '@Type() decides what is sent' };
  return isOptional ? orNull(value) : value;
}

/** Whether what is sent always holds the property. */
export function isAlwaysSent({ checks, transform }: OutgoingProperty): boolean {
  const { conditions, definedRules, rules, isOptional, skipsUndefined } = checks;
  if (conditions.length > 0 || isOptional || transform !== null) return false;
  return (skipsUndefined ? definedRules : [...definedRules, ...rules]).some(refusesAbsent);
}

/** JSON says less of a value than the value itself: it has no dates, no classes, and `null` for a number without end. */
function sentRule(rule: RulePlan): JsonSchema {
  const schema = ruleSchema(rule);
  const name = rule.rule.name ?? '';
  if (rule.rule.validateIf || Object.keys(schema).join() === '$comment') return schema;
  if (DATES.has(name)) return DATE;
  if (LOSSY.has(name) || hasOtherMembers(rule)) return { $comment: `also ${name}` };
  return OPEN.has(name) || (name === 'isNumber' && rule.leaf === null)
    ? { ...schema, type: ['number', 'null'] }
    : schema;
}

const DATES = new Set(['isDate', 'minDate', 'maxDate']);

/** Infinity passes these. */
const OPEN = new Set(['min', 'max', 'isPositive', 'isNegative']);

/** NaN, a date, or an instance with a `toJSON()` passes these. */
const LOSSY = new Set(['isDefined', 'isNotEmpty', 'notEquals', 'isNotIn', 'isObject', 'isNotEmptyObject']);

/** `@IsIn()` of values that are not the same as JSON. */
function hasOtherMembers({ rule }: RulePlan): boolean {
  const members: unknown = rule.name === 'isIn' ? rule.constraints[0] : [];
  return (
    !Array.isArray(members) ||
    members.some(member => Object(member) === member || Number.isNaN(member) || Math.abs(member) === Infinity)
  );
}

/** Whether `@Type()` leaves every such value as it is. */
function isKept(schema: JsonSchema, cast: Cast): boolean {
  if (cast.keeps === '') return schema.format === 'date-time' && !schema.anyOf;
  if (schema.anyOf) return schema.anyOf.every(one => isKept(one, cast));
  return typesOf(schema).every(type => {
    if (type === 'array') return schema.items !== undefined && isKept(schema.items, cast);
    return type === 'null' || type === cast.keeps || (type === 'integer' && cast.keeps === 'number');
  });
}
