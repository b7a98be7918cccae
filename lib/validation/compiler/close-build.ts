import { isObject, type Plain } from '../undeclared.ts';
import { earlyRules, keepUnknown, MOST_LEVELS } from './build-parts.ts';
import { converterOf, isUsableDefault } from './convert-value.ts';
import { forEach, isSkipped, type LaterCheck, laterCheck } from './later-check.ts';
import { type Build, type ClassPlan, type Leaf, MISS, type PropertyPlan, type RulePlan } from './plan.ts';

/** The builder of a class as closures, for where code generation is disallowed. */
export function closeBuild(plan: ClassPlan, onPromise: () => void): Build {
  const steps = plan.properties.map(property => stepOf(property, onPromise));
  const laterSteps = steps.filter(step => step.later !== null);
  return (value, depth) => {
    if (!isObject(value) || Object.getPrototypeOf(value) !== Object.prototype || depth > MOST_LEVELS)
      return MISS;
    const instance = new plan.type() as Plain;
    let known = 0;
    for (const step of steps) {
      const given = value[step.name];
      if (given !== undefined) known++;
      const taken = given === undefined ? step.initial(instance) : step.convert(given, depth);
      if (taken === MISS || !step.passes(taken)) return MISS;
      if (taken !== undefined && given !== undefined) instance[step.name] = taken;
    }
    for (const name of plan.undeclaredFields) delete instance[name];
    if (plan.unknown !== 'strip' && !acceptsRest(plan, { value, instance, known })) return MISS;
    for (const { later, name } of laterSteps) if (!later?.(instance[name], instance)) return MISS;
    return instance;
  };
}

interface Step {
  readonly name: string;
  readonly convert: (value: unknown, depth: number) => unknown;
  readonly initial: (instance: Plain) => unknown;
  readonly passes: (value: unknown) => boolean;
  readonly later: LaterCheck | null;
}

function stepOf(property: PropertyPlan, onPromise: () => void): Step {
  const { name, hasDefault } = property;
  return {
    name,
    convert: converterOf(property),
    initial: hasDefault ? instance => initialOf(property, instance[name]) : () => undefined,
    passes: earlyCheck(property),
    later: laterCheck(property, onPromise),
  };
}

function initialOf(property: PropertyPlan, value: unknown): unknown {
  return isUsableDefault(property, value) ? value : MISS;
}

/** The inlined rules of a property in one predicate. */
export function earlyCheck(property: PropertyPlan): (value: unknown) => boolean {
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

function conjunction(rules: readonly RulePlan[]): (value: unknown) => boolean {
  const [first, second, ...others] = rules.map(rule => {
    const { test } = rule.leaf as Leaf;
    return rule.each ? (value: unknown) => forEach(rule, value, test) : test;
  });
  if (!first) return () => true;
  if (!second) return first;
  const rest: (value: unknown) => boolean =
    others.length === 0 ? () => true : value => others.every(test => test(value));
  return value => first(value) && second(value) && rest(value);
}

interface Rest {
  readonly value: Plain;
  readonly instance: Plain;
  readonly known: number;
}

function acceptsRest(plan: ClassPlan, { value, instance, known }: Rest): boolean {
  if (Object.keys(value).length === known) return true;
  return plan.unknown === 'keep' && keepUnknown(plan, value, instance);
}
