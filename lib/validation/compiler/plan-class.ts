import type { DtoShape } from '../dto-shape.ts';
import { Preparation } from '../preparation.ts';
import type { UnknownProperties } from '../validation-options.ts';
import { InputKeys, type Tag } from './input-keys.ts';
import { type ClassPlan, MISS, type PropertyPlan } from './plan.ts';
import { planProperty } from './plan-property.ts';
import type { PropertyContext } from './property-source.ts';

export interface PlanContext extends Omit<PropertyContext, 'keys'> {
  readonly unknown: UnknownProperties;
  readonly tag: Tag | null;
}

/** The plan of a class, or every reason why only the libraries can do it. */
export function planClass(shape: DtoShape, context: PlanContext): ClassPlan | readonly string[] {
  const keys = new InputKeys(shape, context);
  const refusals = [...refusalsOf(shape, context), ...keys.refusals];
  if (refusals.length > 0) return refusals;
  const type = shape.type as new () => object;
  const probe = probeOf(type);
  if (typeof probe === 'string') return [probe];
  const undeclaredFields = Object.keys(probe).filter(name => !shape.properties.has(name));
  if (context.unknown === 'forbid' && undeclaredFields.length > 0) {
    return [
      `the constructor sets ${undeclaredFields.join(', ')}, which has no decorator and so fails each value`,
    ];
  }
  const rules = context.metadata.rulesOf(type);
  const plans = [...shape.properties.values()].map(property => {
    const initial = Reflect.get(probe, property.name);
    const source = { type, shape: property, rules: rules.get(property.name) ?? [], initial };
    return planProperty(source, { ...context, keys });
  });
  const names = [...shape.properties.keys()];
  const reasons = plans.flatMap((plan, at) => (typeof plan === 'string' ? [`${names[at]}: ${plan}`] : []));
  if (reasons.length > 0) return reasons;
  return {
    type,
    keys: keys.declared,
    ignoredKeys: keys.ignored,
    properties: inCheckingOrder(plans as PropertyPlan[]),
    unknown: context.unknown,
    undeclaredFields: context.unknown === 'keep' ? [] : undeclaredFields,
    sourceOf: sourceOf(shape, context),
    isSpecial: name =>
      !keys.copies(name) ||
      context.libraries.types.findTypeMetadata(type, name) !== undefined ||
      context.metadata.hasTransform(type, name),
  };
}

/** What `@Transform()` is given as `obj`: the prepared value, as class-transformer would have it. */
function sourceOf(shape: DtoShape, { unknown, tag }: PlanContext): ClassPlan['sourceOf'] {
  return value => {
    const preparation = new Preparation({ unknown, isText: false });
    const plain = preparation.object(shape, value);
    if (plain === undefined || preparation.issues.total > 0) return MISS;
    if (tag && !tag.isKept) delete plain[tag.property];
    return plain;
  };
}

/** class-transformer's options whose effect is known at start. */
const STATIC_OPTIONS = new Set([
  'excludeExtraneousValues',
  'exposeDefaultValues',
  'exposeUnsetFields',
  'groups',
  'strategy',
  'version',
]);

function refusalsOf({ type }: DtoShape, { metadata, options }: PlanContext): string[] {
  const names = [...metadata.rulesOf(type).keys()];
  const shadowing = names.filter(name => name in Object.prototype);
  return [
    ...Object.entries(options.transformer).flatMap(([name, value]) =>
      value === undefined || value === false || STATIC_OPTIONS.has(name) ? [] : [`transformOptions.${name}`],
    ),
    ...(names.length === 0 ? ['no validation decorators'] : []),
    ...shadowing.map(name => `${name}: a name that every object has`),
  ];
}

/** The constructor runs once at start: what it sets is what later instances start with. */
function probeOf(type: new () => object): object | string {
  try {
    const probe = new type();
    if (Object.getPrototypeOf(probe) !== type.prototype) return 'the constructor gives another object';
    if (!Object.isExtensible(probe)) return 'the constructor seals the object';
    const fields = Object.values(Object.getOwnPropertyDescriptors(probe));
    return fields.every(field => field.writable && field.configurable && field.enumerable)
      ? probe
      : 'the constructor defines properties that are not plain';
  } catch {
    return 'the constructor throws when it is given nothing';
  }
}

/** class-validator groups in an object, and objects list names like `0` first. */
function inCheckingOrder(plans: readonly PropertyPlan[]): readonly PropertyPlan[] {
  const byName = Object.fromEntries(plans.map(plan => [plan.name, plan]));
  return Object.values(byName);
}
