import { isObject, type Plain } from '../undeclared.ts';
import { keepUnknown, MOST_LEVELS } from './build-parts.ts';
import { isUsableDefault } from './convert-value.ts';
import { earlyCheck } from './early-check.ts';
import { laterCheck } from './later-check.ts';
import { type Build, type ClassPlan, MISS, type PropertyPlan } from './plan.ts';

/** The builder of a class as closures, for where code generation is disallowed. */
export function closeBuild(plan: ClassPlan, onPromise: () => void): Build {
  const steps = plan.properties.map(property => stepOf(property, plan));
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

function stepOf(property: PropertyPlan, { sourceOf }: ClassPlan): Step {
  const { name, hasDefault, conversion, transform } = property;
  const passes = earlyCheck(property);
  if (conversion.kind === 'scalar' && !hasDefault) return scalarStep(name, passes);
  const convert: Converting =
    transform === null ? property.convert : transforming(property.convert, transform);
  return (value, instance, depth) => {
    const given = value[name];
    if (given === undefined) return passesInitial(property, instance, passes);
    const taken = convert(given, depth, transform === null ? value : sourceOf(value));
    if (taken === MISS || !passes(taken)) return false;
    instance[name] = taken;
    return true;
  };
}

type Converting = (value: unknown, depth: number, source: unknown) => unknown;

/** As in generated code, a Set or a Map is left to the libraries. */
function transforming(convert: Build, transform: NonNullable<PropertyPlan['transform']>): Converting {
  return (value, depth, source) => {
    const converted = convert(value, depth);
    if (converted === MISS || source === MISS) return MISS;
    const taken = transform(converted, source as object);
    return taken instanceof Set || taken instanceof Map ? MISS : taken;
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

function acceptsRest(plan: ClassPlan, value: Plain, instance: Plain): boolean {
  let known = 0;
  for (const { name } of plan.properties) if (value[name] !== undefined) known++;
  if (Object.keys(value).length === known) return true;
  return plan.unknown === 'keep' && keepUnknown(plan, value, instance);
}
