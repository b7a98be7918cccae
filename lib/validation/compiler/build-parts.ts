import { MOST_UNDECLARED, type Plain } from '../undeclared.ts';
import { copyJson, isCopied, mapList } from './copy-json.ts';
import { type Build, type Builder, type ClassPlan, isInlined, MISS, type PropertyPlan } from './plan.ts';

/** How deep DTOs and lists of them are built; deeper values are left to the libraries. */
export const MOST_LEVELS = 100;

/** Builds each element of a list, and of the lists in it. */
export function buildList(items: readonly unknown[], builder: Builder, depth: number): unknown {
  if (depth > MOST_LEVELS) return MISS;
  const build: Build = (item, level) =>
    Array.isArray(item) ? buildList(item, builder, level) : builder.build(item, level);
  return mapList(items, item => build(item, depth + 1));
}

/** Copies what the DTO does not declare, as class-transformer does; `false` when only class-transformer can tell. */
export function keepUnknown(plan: ClassPlan, from: Plain, to: Plain): boolean {
  const unknown = Object.keys(from).filter(key => !plan.keys.has(key));
  if (unknown.length > MOST_UNDECLARED) return false;
  return unknown.every(key => {
    if (plan.isSpecial(key) || (key in to && !Object.hasOwn(to, key)) || typeof to[key] === 'function')
      return false;
    const copy = copyJson(from[key]);
    if (copy === MISS || !isCopied(key)) return false;
    to[key] = copy;
    return true;
  });
}

/** Whether a value without the property never passes: it is then always there to be assigned. */
export function isRequired(plan: PropertyPlan): boolean {
  const { conditions, definedRules, rules, isOptional, skipsUndefined } = plan;
  if (conditions.length > 0 || isOptional) return false;
  const always = skipsUndefined ? definedRules : [...definedRules, ...rules];
  return always.some(rule => isInlined(rule) && !rule.leaf?.test(undefined));
}

/** Whether what a constructor left in a nested property needs no check of its own. */
export function isHarmlessDefault(value: unknown, takesNull: boolean): boolean {
  if (value === null) return takesNull;
  return value === undefined || (Array.isArray(value) && value.length === 0);
}

/**
 * The value that the input holds for a property; `MISS` when it holds several.
 *
 * What `@Transform()` is given, and so what it gives, is the business of the caller.
 */
export function givenTo({ input }: PropertyPlan, from: Plain): unknown {
  for (const rival of input.rivals) if (from[rival] !== undefined) return MISS;
  return input.key === null ? undefined : from[input.key];
}

/** Keys that nothing reads are none of ours, but what they hold may be more than the libraries bear. */
export function hasWideIgnored({ ignoredKeys }: ClassPlan, from: Plain): boolean {
  for (const key of ignoredKeys) if (typeof from[key] === 'object' && from[key] !== null) return true;
  return false;
}

/** The rules that run before there is an instance. */
export function earlyRules(plan: Pick<PropertyPlan, 'conditions' | 'definedRules' | 'rules'>) {
  const isEarly = plan.conditions.length === 0 ? isInlined : () => false;
  return { defined: plan.definedRules.filter(isEarly), ordinary: plan.rules.filter(isEarly) };
}
