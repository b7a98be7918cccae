import type { DtoShape } from '../dto-shape.ts';
import { Preparation } from '../preparation.ts';
import type { UnknownProperties } from '../validation-options.ts';
import { type ClassPlan, MISS, type PropertyPlan } from './plan.ts';
import { type PropertyContext, planProperty } from './plan-property.ts';

export interface PlanContext extends PropertyContext {
  readonly unknown: UnknownProperties;
}

/** The plan of a class, or every reason why only the libraries can do it. */
export function planClass(shape: DtoShape, context: PlanContext): ClassPlan | readonly string[] {
  const refusals = refusalsOf(shape, context);
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
    return planProperty({ type, shape: property, rules: rules.get(property.name) ?? [], initial }, context);
  });
  const names = [...shape.properties.keys()];
  const reasons = plans.flatMap((plan, at) => (typeof plan === 'string' ? [`${names[at]}: ${plan}`] : []));
  if (reasons.length > 0) return reasons;
  return {
    type,
    names: new Set(names),
    properties: inCheckingOrder(plans as PropertyPlan[]),
    unknown: context.unknown,
    undeclaredFields: context.unknown === 'keep' ? [] : undeclaredFields,
    sourceOf: value => {
      const preparation = new Preparation({ unknown: context.unknown, isText: false });
      const plain = preparation.object(shape, value);
      return plain === undefined || preparation.issues.total > 0 ? MISS : plain;
    },
    isSpecial: name =>
      context.libraries.types.findTypeMetadata(type, name) !== undefined ||
      context.metadata.hasTransform(type, name),
  };
}

function refusalsOf({ type }: DtoShape, { libraries, metadata, options }: PlanContext): string[] {
  const { types } = libraries;
  const names = [...metadata.rulesOf(type).keys()];
  const shadowing = names.filter(name => name in Object.prototype);
  return [
    ...(Object.keys(options.transformer).length > 0 ? ['transformOptions'] : []),
    ...(names.length === 0 ? ['no validation decorators'] : []),
    ...shadowing.map(name => `${name}: a name that every object has`),
    ...(types.getExposedMetadatas(type).length > 0 ? ['@Expose()'] : []),
    ...(types.getExcludedMetadatas(type).length > 0 ? ['@Exclude()'] : []),
    ...(types.getStrategy(type) === 'none' ? [] : ['@Expose() or @Exclude() on the class']),
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
