import type { Plain } from '../undeclared.ts';
import { earlyCheck } from './early-check.ts';
import { type ClassPlan, type Leaf, MISS, type PropertyPlan } from './plan.ts';

/** Takes properties over into the instance; `false` is a `MISS`. */
export type Step = (value: Plain, instance: Plain, depth: number) => boolean;

/** A property whose value depends on nothing but what was given: what the instance is to hold, or `MISS`. */
export interface Take {
  readonly name: string;
  readonly take: (given: unknown, depth: number) => unknown;
}

/** `null` for a property that looks at more. */
export function takeOf(property: PropertyPlan): Take | null {
  const { name, conversion, convert, hasDefault, input, transform } = property;
  const isPlain = input.key === name && input.rivals.length === 0 && input.absent === 'initial';
  if (hasDefault || transform !== null || !isPlain) return null;
  const passes = earlyCheck(property);
  if (conversion.kind === 'scalar') return { name, take: given => (passes(given) ? given : MISS) };
  const takeList = conversion.kind === 'scalars' ? listTaker(property) : null;
  return {
    name,
    take: (given, depth) => {
      if (takeList !== null && Array.isArray(given)) return takeList(given);
      const taken = given === undefined ? undefined : convert(given, depth);
      return taken !== MISS && passes(taken) ? taken : MISS;
    },
  };
}

/** The rules for the list first, then those for each of its elements while it is copied. */
function listTaker(property: PropertyPlan): ((list: readonly unknown[]) => unknown) | null {
  const rules = [...property.definedRules, ...property.rules];
  if (rules.some(({ leaf, rule }) => leaf === null || rule.validateIf)) return null;
  const whole = earlyCheck({ ...property, definedRules: [], rules: rules.filter(rule => !rule.each) });
  const [only, ...others] = rules.filter(rule => rule.each).map(({ leaf }) => (leaf as Leaf).test);
  if (only === undefined || others.length > 0) return null;
  return list => {
    if (!whole(list)) return MISS;
    const copy = new Array<unknown>(list.length);
    for (let at = 0; at < list.length; at++) {
      const item = list[at];
      if (!only(item)) return MISS;
      copy[at] = item;
    }
    return copy;
  };
}

/** As many properties as there is an unrolled step for. */
const MOST_TOGETHER = 4;

/**
 * The steps of a class. Properties that stand next to each other are taken together, each in a line of its own: an
 * engine remembers for each line which property it reads, and a line that reads all of them in turn costs a lookup.
 */
export function stepsOf({ properties }: ClassPlan, otherStep: (property: PropertyPlan) => Step): Step[] {
  const steps: Step[] = [];
  let together: Take[] = [];
  const flush = () => {
    const step = unrolled(together);
    if (step !== null) steps.push(step);
    together = [];
  };
  for (const property of properties) {
    const take = takeOf(property);
    if (take === null || together.length === MOST_TOGETHER) flush();
    if (take === null) steps.push(otherStep(property));
    else together.push(take);
  }
  flush();
  return steps;
}

function unrolled([first, second, third, fourth]: readonly Take[]): Step | null {
  if (first === undefined) return null;
  if (second === undefined) return one(first);
  if (third === undefined) return two(first, second);
  return fourth === undefined ? three(first, second, third) : four([first, second, third, fourth]);
}

function one({ name, take }: Take): Step {
  return (value, instance, depth) => {
    const a = take(value[name], depth);
    if (a === MISS) return false;
    if (a !== undefined) instance[name] = a;
    return true;
  };
}

function two({ name: nameA, take: takeA }: Take, { name: nameB, take: takeB }: Take): Step {
  return (value, instance, depth) => {
    const a = takeA(value[nameA], depth);
    if (a === MISS) return false;
    const b = takeB(value[nameB], depth);
    if (b === MISS) return false;
    if (a !== undefined) instance[nameA] = a;
    if (b !== undefined) instance[nameB] = b;
    return true;
  };
}

function three(
  { name: nameA, take: takeA }: Take,
  { name: nameB, take: takeB }: Take,
  { name: nameC, take: takeC }: Take,
): Step {
  return (value, instance, depth) => {
    const a = takeA(value[nameA], depth);
    if (a === MISS) return false;
    const b = takeB(value[nameB], depth);
    if (b === MISS) return false;
    const c = takeC(value[nameC], depth);
    if (c === MISS) return false;
    if (a !== undefined) instance[nameA] = a;
    if (b !== undefined) instance[nameB] = b;
    if (c !== undefined) instance[nameC] = c;
    return true;
  };
}

function four([
  { name: nameA, take: takeA },
  { name: nameB, take: takeB },
  { name: nameC, take: takeC },
  { name: nameD, take: takeD },
]: readonly [Take, Take, Take, Take]): Step {
  return (value, instance, depth) => {
    const a = takeA(value[nameA], depth);
    if (a === MISS) return false;
    const b = takeB(value[nameB], depth);
    if (b === MISS) return false;
    const c = takeC(value[nameC], depth);
    if (c === MISS) return false;
    const d = takeD(value[nameD], depth);
    if (d === MISS) return false;
    if (a !== undefined) instance[nameA] = a;
    if (b !== undefined) instance[nameB] = b;
    if (c !== undefined) instance[nameC] = c;
    if (d !== undefined) instance[nameD] = d;
    return true;
  };
}
