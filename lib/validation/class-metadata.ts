import type { TransformMetadata } from 'class-transformer';
import type { ConstraintMetadata } from 'class-validator/types/metadata/ConstraintMetadata.js';
import type { ValidationMetadata } from 'class-validator/types/metadata/ValidationMetadata.js';
import { propertyType, type ReflectedType } from '../reflected-types.ts';
import type { ClassLibraries } from './class-libraries.ts';
import { isInForce } from './decorator-force.ts';
import type { ResolvedOptions } from './validation-options.ts';
import type { Class } from './validator.ts';

/** What `@Type()` says a property holds: one class, one of several by a property, or what only the value tells. */
export type DeclaredType =
  | { readonly kind: 'class'; readonly type: Class }
  | { readonly kind: 'discriminated'; readonly type: Class; readonly by: Discriminator }
  | { readonly kind: 'dynamic' };

export interface Discriminator {
  readonly property: string;
  readonly subTypes: readonly { readonly name: unknown; readonly value: Class }[];
}

export type Rule = ValidationMetadata;

/** Reads what the decorators of both libraries recorded about a class, under one set of options. */
export class ClassMetadata {
  readonly #libraries: ClassLibraries;
  readonly #options: ResolvedOptions;
  readonly #rules = new Map<Class, ReadonlyMap<string, readonly Rule[]>>();

  constructor(libraries: ClassLibraries, options: ResolvedOptions) {
    this.#libraries = libraries;
    this.#options = options;
  }

  /** The rules that apply, by property: those of the class first, inherited ones after, as class-validator runs them. */
  rulesOf(type: Class): ReadonlyMap<string, readonly Rule[]> {
    const known = this.#rules.get(type) ?? this.#findRules(type);
    this.#rules.set(type, known);
    return known;
  }

  /** Every rule of the class, whatever its group. */
  allRulesOf(type: Class): ReadonlyMap<string, readonly Rule[]> {
    return byProperty(this.#libraries.rules.getTargetValidationMetadatas(type, '', true, false));
  }

  /** What runs for a rule. None: `@Validate()` was given a class without `@ValidatorConstraint()`, and is ignored. */
  constraintsOf(rule: Rule): readonly ConstraintMetadata[] {
    return this.#libraries.rules.getTargetValidatorConstraints(rule.constraintCls);
  }

  /** What `@Type()` says; the reflected type under `enableImplicitConversion`; `null` when nothing is said. */
  declaredType(type: Class, property: string): DeclaredType | null {
    const declared = this.#libraries.types.findTypeMetadata(type, property);
    if (!declared) return this.#implicitType(type, property);
    if (declared.typeFunction?.length) return { kind: 'dynamic' };
    const named = declared.typeFunction ? declared.typeFunction() : declared.reflectedType;
    const by = declared.options?.discriminator;
    return by?.property ? { kind: 'discriminated', type: named, by } : { kind: 'class', type: named };
  }

  /** The names under which the input may hold a property, beside its own: those of `@Expose({ name })`. */
  inputNames(type: Class): ReadonlyMap<string, string> {
    const names = new Map<string, string>();
    for (const { propertyName, options } of this.#libraries.types.getExposedMetadatas(type)) {
      if (propertyName !== undefined && options?.name) names.set(options.name, propertyName);
    }
    return names;
  }

  /** The properties that `@Expose()` puts into the output. */
  exposedToPlain(type: Class): readonly string[] {
    return this.#libraries.types.getExposedProperties(type, TRANSFORMATIONS.INSTANCE_TO_PLAIN);
  }

  /** Whether a `@Transform()` runs when the property is read from the input. */
  hasTransform(type: Class, property: string): boolean {
    return this.transformsOf(type, property).length > 0;
  }

  /** What runs, in this order, when the property is read from the input. */
  transformsOf(type: Class, property: string): readonly TransformMetadata[] {
    return this.#libraries.types
      .findTransformMetadatas(type, property, TRANSFORMATIONS.PLAIN_TO_INSTANCE)
      .filter(({ options }) => isInForce(options, this.#options.transformer));
  }

  /** class-validator looks through every class that was ever decorated. */
  #findRules(type: Class): ReadonlyMap<string, readonly Rule[]> {
    const { always = false, strictGroups = false, groups } = this.#options.validator;
    return byProperty(
      this.#libraries.rules.getTargetValidationMetadatas(type, '', always, strictGroups, groups),
    );
  }

  #implicitType(type: Class, property: string): DeclaredType | null {
    if (!this.#options.transformer.enableImplicitConversion) return null;
    const reflected: ReflectedType = propertyType(type.prototype as object, property);
    return typeof reflected === 'function' ? { kind: 'class', type: reflected } : null;
  }
}

/** class-transformer's `TransformationType`, which is an enum and so exists only once the package is loaded. */
const TRANSFORMATIONS = { PLAIN_TO_INSTANCE: 0, INSTANCE_TO_PLAIN: 1 };

/** A plain object would not do: class-validator's own grouping throws for a property called `toString`. */
function byProperty(rules: readonly Rule[]): ReadonlyMap<string, readonly Rule[]> {
  const grouped = new Map<string, Rule[]>();
  for (const rule of rules) {
    const own = grouped.get(rule.propertyName);
    if (own) own.push(rule);
    else grouped.set(rule.propertyName, [rule]);
  }
  return grouped;
}
