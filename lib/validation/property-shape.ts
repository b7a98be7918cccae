import { propertyType } from '../reflected-types.ts';
import type { ClassMetadata, Rule } from './class-metadata.ts';
import type { NestedShape, PropertyShape } from './dto-shape.ts';
import { textReaderFor } from './property-text.ts';
import type { Class } from './validator.ts';

interface Property {
  readonly type: Class;
  readonly name: string;
  readonly nested: NestedShape | null;
  readonly rules: readonly Rule[];
}

/** Puts together what the compiler, class-transformer and class-validator recorded about one property. */
export function describeProperty(
  metadata: ClassMetadata,
  { type, name, nested, rules }: Property,
): PropertyShape {
  const reflected: unknown = propertyType(type.prototype as object, name);
  const isMap = isKindOf(reflected, Map);
  const isList = !isMap && (isKindOf(reflected, Array) || isKindOf(reflected, Set) || rules.some(isListRule));
  // A @Transform() gets what was sent: "yes" may be its word for true, and it may shorten a list.
  const isTransformed = metadata.hasTransform(type, name);
  const declared = metadata.declaredType(type, name);
  return {
    name,
    nested,
    isSingle: nested !== null && !isList && !isMap && isOneObject(reflected),
    isMap,
    isList,
    text: nested || isTransformed ? null : textReaderFor({ declared, reflected, rules, isList }),
    maxSize: isTransformed || isAccessor(type, name) ? Infinity : maxSizeOf(metadata, rules),
  };
}

function isKindOf(reflected: unknown, kind: Class): boolean {
  return typeof reflected === 'function' && (reflected === kind || reflected.prototype instanceof kind);
}

/** `Object` stands for a union or an interface, `Function` for a type-only import: they say nothing. */
function isOneObject(reflected: unknown): boolean {
  return typeof reflected === 'function' && reflected !== Object && reflected !== Function;
}

/** A setter may keep less than it was given. */
function isAccessor(type: Class, name: string): boolean {
  return name in (type.prototype as object);
}

function isListRule(rule: Rule): boolean {
  return rule.each || rule.name === 'isArray' || (rule.name?.startsWith('array') ?? false);
}

/** Counts only rules that run for every list: not under `@ValidateIf()`, not for each element. */
function maxSizeOf(metadata: ClassMetadata, rules: readonly Rule[]): number {
  if (rules.some(isCondition)) return Infinity;
  const sizes = rules.filter(rule => rule.name === 'arrayMaxSize' && !rule.each && !rule.validateIf);
  return Math.min(...sizes.filter(rule => refusesAbove(metadata, rule)).map(rule => rule.constraints[0]));
}

function isCondition(rule: Rule): boolean {
  return rule.type === 'conditionalValidation' && rule.name !== 'isOptional';
}

/** Asks the rule, because a decorator of the user's own may have taken its name. */
function refusesAbove(metadata: ClassMetadata, rule: Rule): boolean {
  const size: unknown = rule.constraints[0];
  if (typeof size !== 'number' || !Number.isInteger(size) || size < 0 || size > 100_000) return false;
  const [constraint] = metadata.constraintsOf(rule);
  const answer = (value: unknown[]) =>
    constraint?.instance.validate(value, {
      value,
      constraints: rule.constraints,
      targetName: '',
      object: {},
      property: rule.propertyName,
    });
  return answer(new Array(size)) === true && answer(new Array(size + 1)) === false;
}
