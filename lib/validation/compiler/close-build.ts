import { isObject, type Plain } from '../undeclared.ts';
import { earlyRules, keepUnknown, MOST_LEVELS } from './build-parts.ts';
import { isUsableDefault } from './convert-value.ts';
import { forEach, isSkipped, laterCheck } from './later-check.ts';
import { type Build, type ClassPlan, type Leaf, MISS, type PropertyPlan, type RulePlan } from './plan.ts';

/** The builder of a class as closures, for where code generation is disallowed. */
export function closeBuild(plan: ClassPlan, onPromise: () => void): Build {
  const steps = plan.properties.map(stepOf);
  const finish = finisher(plan, onPromise);
  const { type } = plan;
  return (value, depth) => {
    if (!isObject(value) || Object.getPrototypeOf(value) !== Object.prototype || depth > MOST_LEVELS)
      return MISS;
    const instance = new type() as Plain;
    for (let at = 0; at < steps.length; at++) {
      if (!(steps[at] as Step)(value, instance, depth)) return MISS;
    }
    return finish === null || finish(value, instance) ? instance : MISS;
  };
}

/** Takes one property over into the instance; `false` is a `MISS`. */
type Step = (value: Plain, instance: Plain, depth: number) => boolean;

function stepOf(property: PropertyPlan): Step {
  const { name, hasDefault, conversion, convert } = property;
  const passes = earlyCheck(property);
  if (conversion.kind === 'scalar' && !hasDefault) return scalarStep(name, passes);
  return (value, instance, depth) => {
    const given = value[name];
    if (given === undefined) return passesInitial(property, instance, passes);
    const taken = convert(given, depth);
    if (taken === MISS || !passes(taken)) return false;
    instance[name] = taken;
    return true;
  };
}

function scalarStep(name: string, passes: (value: unknown) => boolean): Step {
  return (value, instance) => {
    const given = value[name];
    if (!passes(given)) return false;
    if (given !== undefined) instance[name] = given;
    return true;
  };
}

function passesInitial(
  property: PropertyPlan,
  instance: Plain,
  passes: (value: unknown) => boolean,
): boolean {
  if (!property.hasDefault) return passes(undefined);
  const initial = instance[property.name];
  return isUsableDefault(property, initial) && passes(initial);
}

/** What there is to do once all properties are there; `null` when nothing is. */
function finisher(
  plan: ClassPlan,
  onPromise: () => void,
): ((value: Plain, instance: Plain) => boolean) | null {
  const laterChecks = plan.properties.flatMap(property => {
    const later = laterCheck(property, onPromise);
    return later === null ? [] : [{ name: property.name, passes: later }];
  });
  if (plan.unknown === 'strip' && plan.undeclaredFields.length === 0 && laterChecks.length === 0) return null;
  return (value, instance) => {
    for (const name of plan.undeclaredFields) delete instance[name];
    if (plan.unknown !== 'strip' && !acceptsRest(plan, value, instance)) return false;
    return laterChecks.every(({ name, passes }) => passes(instance[name], instance));
  };
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

function acceptsRest(plan: ClassPlan, value: Plain, instance: Plain): boolean {
  let known = 0;
  for (const { name } of plan.properties) if (value[name] !== undefined) known++;
  if (Object.keys(value).length === known) return true;
  return plan.unknown === 'keep' && keepUnknown(plan, value, instance);
}
