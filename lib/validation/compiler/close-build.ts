import { isObject, type Plain } from '../undeclared.ts';
import { givenTo, hasWideIgnored, keepUnknown, MOST_LEVELS } from './build-parts.ts';
import { type Step, stepsOf } from './close-steps.ts';
import { isUsableDefault } from './convert-value.ts';
import { earlyCheck } from './early-check.ts';
import { laterCheck } from './later-check.ts';
import { type Build, type ClassPlan, MISS, type PropertyPlan } from './plan.ts';

/** The builder of a class as closures, for where code generation is disallowed. */
export function closeBuild(plan: ClassPlan, onPromise: () => void): Build {
  const steps = stepsOf(plan, property => stepOf(property, plan));
  const finish = finisher(plan, onPromise);
  const { type } = plan;
  const hasIgnored = plan.ignoredKeys.length > 0;
  return (value, depth) => {
    if (!isObject(value) || Object.getPrototypeOf(value) !== Object.prototype || depth > MOST_LEVELS)
      return MISS;
    if (hasIgnored && hasWideIgnored(plan, value)) return MISS;
    const instance = new type() as Plain;
    for (let at = 0; at < steps.length; at++) {
      if (!(steps[at] as Step)(value, instance, depth)) return MISS;
    }
    return finish === null || finish(value, instance) ? instance : MISS;
  };
}

/** A property that has a default, a `@Transform()`, or is found in the input in a way of its own. */
function stepOf(property: PropertyPlan, { sourceOf }: ClassPlan): Step {
  const { name, input, transform, keepsDefault } = property;
  const passes = earlyCheck(property);
  const convert =
    transform === null ? converting(property.convert) : transforming(property.convert, transform);
  return (value, instance, depth) => {
    const given = givenTo(property, value);
    if (given === MISS) return false;
    if (given === undefined && input.absent !== 'undefined') {
      if (input.absent === 'own' && !(name in instance)) instance[name] = undefined;
      return passesInitial(property, instance, passes);
    }
    const taken = convert(given, depth, transform === null ? value : sourceOf(value));
    if (taken === undefined && keepsDefault) return passesInitial(property, instance, passes);
    if (taken === MISS || !passes(taken)) return false;
    instance[name] = taken;
    return true;
  };
}

type Converting = (value: unknown, depth: number, source: unknown) => unknown;

/** An exposed property is there even if it was not given, and stays `undefined`. */
function converting(convert: Build): Converting {
  return (value, depth) => (value === undefined ? undefined : convert(value, depth));
}

function transforming(convert: Build, transform: NonNullable<PropertyPlan['transform']>): Converting {
  const converted = converting(convert);
  return (value, depth, source) => {
    const taken = converted(value, depth, source);
    return taken === MISS || source === MISS ? MISS : transform(taken, source as object);
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

function acceptsRest(plan: ClassPlan, value: Plain, instance: Plain): boolean {
  let known = 0;
  for (const key of plan.keys) if (value[key] !== undefined) known++;
  if (Object.keys(value).length === known) return true;
  return plan.unknown === 'keep' && keepUnknown(plan, value, instance);
}
