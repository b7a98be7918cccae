import { MOST_LEVELS } from '../compiler/build-parts.ts';
import { earlyCheck } from '../compiler/early-check.ts';
import { type Build, MISS, type PropertyPlan } from '../compiler/plan.ts';
import { isObject, type Plain } from '../undeclared.ts';
import { laterOutgoing } from './later-outgoing.ts';
import type { OutgoingPlan, OutgoingProperty } from './outgoing-plan.ts';

/** What `generateOutgoing()` makes, as closures, for where code generation is disallowed. */
export function closeOutgoing(plan: OutgoingPlan, onPromise: () => void): Build {
  const { type, properties } = plan;
  const steps = properties.map(property => ({
    output: property.output,
    take: stepOf(property, plan, onPromise),
  }));
  return (value, depth) => {
    if (!isObject(value) || depth > MOST_LEVELS) return MISS;
    const isOwn = Object.getPrototypeOf(value) === type.prototype;
    // A subclass is checked by its own rules.
    if (!isOwn && value instanceof type) return MISS;
    const result: Plain = {};
    for (const { output, take } of steps) {
      const sent = take(value, isOwn, depth);
      if (sent === MISS) return MISS;
      if (output !== null && sent !== undefined) result[output] = sent;
    }
    return result;
  };
}

type Step = (value: Plain, isOwn: boolean, depth: number) => unknown;

function stepOf(property: OutgoingProperty, plan: OutgoingPlan, onPromise: () => void): Step {
  const { name, checks, serialise, transform } = property;
  const passes = earlyCheck({ ...checks } as PropertyPlan);
  const later = laterOutgoing(property, plan, onPromise);
  return (from, isOwn, depth) => {
    const given = from[name];
    const value = given === undefined && !isOwn && !(name in from) ? absent(property, plan, from) : given;
    if (value === MISS || !passes(value) || (later !== null && !later(value, from))) return MISS;
    if (serialise === null) return value;
    if (transform === null) return value === undefined ? undefined : serialise(value, depth);
    if (value === undefined && !isVisited(property, from, isOwn)) return undefined;
    return serialise(transform(value, from), depth);
  };
}

function isVisited({ name, visited }: OutgoingProperty, from: Plain, isOwn: boolean): boolean {
  return visited === 'always' || name in from || (visited === 'of others' && !isOwn);
}

function absent({ name, absent, takesDefault }: OutgoingProperty, plan: OutgoingPlan, from: Plain): unknown {
  if (absent === 'nowhere') return undefined;
  if (absent === 'libraries') return MISS;
  if (absent === 'accessor') return Reflect.get(plan.instanceOf(from), name);
  const initial: unknown = Reflect.get(new plan.type(), name);
  return takesDefault(initial) ? initial : MISS;
}
