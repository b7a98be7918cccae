import { propertyType } from '../../reflected-types.ts';
import type { ClassLibraries } from '../class-libraries.ts';
import type { ClassMetadata, Rule } from '../class-metadata.ts';
import type { PropertyShape } from '../dto-shape.ts';
import type { ResolvedOptions } from '../validation-options.ts';
import type { Class } from '../validator.ts';
import { converterOf } from './convert-value.ts';
import { castOf } from './copy-json.ts';
import { fineCheck } from './early-check.ts';
import type { Condition, Conversion, NestedPlan, PropertyPlan, RulePlan } from './plan.ts';
import { isInlined } from './plan.ts';
import type { PlanRule } from './plan-rule.ts';
import { transformOf } from './transform.ts';

/** One property, and what its plan is made from. */
export interface PropertySource {
  readonly type: Class;
  readonly shape: PropertyShape;
  readonly rules: readonly Rule[];
  /** What the constructor left in it. */
  readonly initial: unknown;
}

export interface PropertyContext {
  readonly metadata: ClassMetadata;
  readonly libraries: ClassLibraries;
  readonly options: ResolvedOptions;
  readonly planRule: PlanRule;
  /** Gives the DTO class below a property, compiled or not. */
  readonly nestedIn: (type: Class) => Pick<NestedPlan, 'builder' | 'plan'>;
}

/** The plan of a property, or why it cannot be compiled. */
export function planProperty(source: PropertySource, context: PropertyContext): PropertyPlan | string {
  const { rules, shape } = source;
  const refusal = refusalOf(source, context);
  if (refusal !== null) return refusal;
  const definedRules = rules.filter(rule => rule.type === 'isDefined').map(context.planRule);
  const ordinary = rules.filter(rule => rule.type === 'customValidation').map(context.planRule);
  const { skipMissingProperties, skipNullProperties, skipUndefinedProperties } = context.options.validator;
  const conversion = conversionOf(source, context, [...definedRules, ...ordinary]);
  if (typeof conversion === 'string') return conversion;
  const isOptionalProperty = rules.some(isOptional);
  const skipsNull = skipMissingProperties === true || skipNullProperties === true;
  const plan = {
    name: shape.name,
    conversion,
    convert: converterOf(conversion, isOptionalProperty || skipsNull),
    transform: transformOf(source.type, shape.name, context),
    hasDefault: source.initial !== undefined,
    isOptional: isOptionalProperty,
    skipsUndefined: skipMissingProperties === true || skipUndefinedProperties === true,
    skipsNull,
    conditions: rules.filter(isCondition).map(rule => rule.constraints[0] as Condition),
    definedRules,
    rules: ordinary,
    nestedRule: rules.find(rule => rule.type === 'nestedValidation') ?? null,
  };
  return { ...plan, isFine: fineCheck(plan) };
}

const KNOWN_RULES = new Set([
  'customValidation',
  'isDefined',
  'conditionalValidation',
  'nestedValidation',
  'whitelistValidation',
]);

function refusalOf(
  { type, shape, rules, initial }: PropertySource,
  { metadata }: PropertyContext,
): string | null {
  const unknown = rules.find(rule => !KNOWN_RULES.has(rule.type));
  if (unknown) return `${unknown.type} is left to class-validator`;
  if (shape.name in (type.prototype as object)) return 'an accessor or a method of the class';
  if (typeof initial === 'function') return 'the constructor sets a function';
  if (shape.isMap) return 'a Map';
  const isNested = rules.some(rule => rule.type === 'nestedValidation');
  if (isNested && metadata.hasTransform(type, shape.name)) return '@ValidateNested() with @Transform()';
  if (rules.some(rule => isSticky(rule)))
    return '@Matches() of a sticky RegExp, which depends on what it matched last';
  return null;
}

function isSticky(rule: Rule): boolean {
  return (rule.constraints ?? []).some(
    (constraint: unknown) => constraint instanceof RegExp && constraint.sticky,
  );
}

/** class-validator keeps its `@IsOptional()` as a condition of that name: any other function of that name must do the same. */
export function isOptional(rule: Rule): boolean {
  if (rule.type !== 'conditionalValidation' || rule.name !== 'isOptional') return false;
  const condition = rule.constraints[0] as Condition;
  return [undefined, null, 0, '', false, 'a', {}].every(value => {
    return condition({ [rule.propertyName]: value }, value) === (value !== undefined && value !== null);
  });
}

export function isCondition(rule: Rule): boolean {
  return rule.type === 'conditionalValidation' && !isOptional(rule);
}

function conversionOf(
  source: PropertySource,
  context: PropertyContext,
  rules: readonly RulePlan[],
): Conversion | string {
  const { type, shape } = source;
  const declared = context.metadata.declaredType(type, shape.name);
  const isNested = source.rules.some(rule => rule.type === 'nestedValidation');
  if (declared?.kind === 'dynamic') return '@Type() that looks at the value';
  if (declared?.kind === 'discriminated') return '@Type() with a discriminator';
  if (isNested) return nestedConversion(source, context, declared?.type);
  const isTransformed = context.metadata.hasTransform(type, shape.name);
  if (declared === null) return isTransformed ? { kind: 'copy' } : untypedConversion(source.rules, rules);
  const cast = castOf(declared.type);
  if (cast === null) return `@Type(() => ${declared.type?.name}) without @ValidateNested()`;
  return { kind: 'cast', cast, takesLists: isPlainList(type, shape.name) };
}

function nestedConversion(
  { type, shape, rules }: PropertySource,
  { nestedIn }: PropertyContext,
  declared: Class | undefined,
): Conversion | string {
  if (shape.nested === null || declared === undefined)
    return '@ValidateNested() without a class that has rules';
  if (castOf(declared) !== null) return '@ValidateNested() of a scalar type';
  if (rules.some(isCondition)) return '@ValidateNested() under @ValidateIf()';
  if (rules.filter(rule => rule.type === 'nestedValidation').length > 1) return '@ValidateNested() twice';
  if (!shape.isSingle && !isPlainList(type, shape.name)) return 'a Set or another collection';
  const nested = { ...nestedIn(declared), takesLists: !shape.isSingle, maxSize: shape.maxSize };
  return { kind: 'nested', nested };
}

/** A rule that lets no object pass makes a copy needless, if it always runs. */
function untypedConversion(all: readonly Rule[], rules: readonly RulePlan[]): Conversion {
  if (all.some(isCondition)) return { kind: 'copy' };
  const scalar = rules.filter(rule => isInlined(rule) && rule.leaf?.isScalar);
  if (scalar.some(rule => !rule.each)) return { kind: 'scalar' };
  return { kind: scalar.length > 0 ? 'scalars' : 'copy' };
}

/** class-transformer makes one of the reflected type to see whether it can hold a list, and takes an array if not. */
function isPlainList(type: Class, name: string): boolean {
  const reflected: unknown = propertyType(type.prototype as object, name);
  if (reflected === undefined || reflected === Array) return true;
  if (typeof reflected !== 'function') return false;
  try {
    const made: unknown = new (reflected as new () => unknown)();
    return !(made instanceof Set) && !('push' in Object(made));
  } catch {
    return false;
  }
}
