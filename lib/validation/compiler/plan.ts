import type { ConstraintMetadata } from 'class-validator/types/metadata/ConstraintMetadata.js';
import type { Rule } from '../class-metadata.ts';
import type { UnknownProperties } from '../validation-options.ts';

/** The answer of compiled code that is no verdict: the libraries have to decide. */
export const MISS: unique symbol = Symbol('miss');

/** Gives what a decoded value becomes, or `MISS`. `depth` counts the DTOs above it. */
export type Build = (value: unknown, depth: number) => unknown;

/** What stands for a class in the code of those that hold it: known before its code is, and replaceable. */
export interface Builder {
  build: Build;
}

/** All there is to do for one class under one set of options: generated code and closures are made of this. */
export interface ClassPlan {
  readonly type: new () => object;
  /** In the order in which class-validator checks them. */
  readonly properties: readonly PropertyPlan[];
  /** Every key of the input that is not undeclared. */
  readonly keys: ReadonlySet<string>;
  /** Those of them that nothing reads: of excluded properties, and a discriminator that class-transformer removes. */
  readonly ignoredKeys: readonly string[];
  readonly unknown: UnknownProperties;
  /** What the constructor sets and the whitelist removes again. */
  readonly undeclaredFields: readonly string[];
  /** Whether class-transformer treats an undeclared property of this name as more than a value to copy. */
  readonly isSpecial: (property: string) => boolean;
  /** The object that `@Transform()` is given to look at: a copy of the input; `MISS` when it cannot be copied. */
  readonly sourceOf: (value: unknown) => unknown;
}

export interface PropertyPlan {
  readonly name: string;
  readonly input: InputPlan;
  readonly conversion: Conversion;
  /** The conversion as a function, for a value that is not absent. */
  readonly convert: Build;
  /** What `@Transform()` does to the converted value; `null` without one. */
  readonly transform: ((value: unknown, source: object) => unknown) | null;
  /** Whether the constructor sets it: what the input lacks is then checked as the constructor left it. */
  readonly hasDefault: boolean;
  /** `@IsOptional()`: nothing is checked for `undefined` or `null`. */
  readonly isOptional: boolean;
  /** `skip*Properties`: nothing but `@IsDefined()` is checked for these. */
  readonly skipsUndefined: boolean;
  readonly skipsNull: boolean;
  /** The functions of `@ValidateIf()`: all of them must agree before anything is checked. */
  readonly conditions: readonly Condition[];
  /** `@IsDefined()`, which runs first and whatever the `skip*` options say. */
  readonly definedRules: readonly RulePlan[];
  readonly rules: readonly RulePlan[];
  /** `@ValidateNested()`; with a conversion into DTOs, or a `@Transform()`. */
  readonly nestedRule: Rule | null;
  /** Whether `undefined`, from a `@Transform()` or for an exposed key that is absent, leaves the default alone. */
  readonly keepsDefault: boolean;
  /** Judges the DTOs that a `@Transform()` made, as class-validator does; `null` where they are built and judged in one. */
  readonly nestedCheck: ((value: unknown) => boolean) | null;
  /** Whether a value is right, where its rules need no more than the value to tell. */
  readonly isFine: ((value: unknown) => boolean) | null;
}

/** Which key of the input holds a property. */
export interface InputPlan {
  /** `null` when none is read. */
  readonly key: string | null;
  /** Other keys that class-transformer would read into it: which one wins, it has to say. */
  readonly rivals: readonly string[];
  /**
   * What becomes of a property whose key is absent. It stays as the constructor left it (`initial`); or, because it is
   * exposed, it is there in any case: as the constructor left it (`own`), or transformed and assigned (`undefined`).
   */
  readonly absent: 'initial' | 'own' | 'undefined';
}

export type Condition = (object: object, value: unknown) => unknown;

/** How the value of the input becomes that of the instance. */
export type Conversion =
  /** A rule lets scalars pass only, and they need no copy. */
  | { readonly kind: 'scalar' }
  /** As before, but the rule is for each element of a list. */
  | { readonly kind: 'scalars' }
  | { readonly kind: 'copy' }
  | ({ readonly kind: 'cast'; readonly cast: Cast } & Lists)
  /** What class-transformer makes of it, and class-validator never looks into. */
  | { readonly kind: 'library'; readonly transform: (value: unknown) => unknown }
  | { readonly kind: 'nested'; readonly nested: NestedPlan };

/** What becomes of a list, or of the properties of an object that stand for the entries of a Map. */
export interface Lists {
  readonly takesLists: boolean;
  readonly collection: 'array' | 'set' | 'map';
}

/** What `@Type(() => Number)` does to a value. */
export interface Cast {
  /** The `typeof` of values that it leaves as they are; none for dates. */
  readonly keeps: string;
  readonly convert: (value: unknown) => unknown;
}

/** A DTO class below a property. */
export interface NestedClass {
  readonly builder: Builder;
  /** The plan of the class, once it has one; `null` when only the libraries can build it. */
  readonly plan: () => ClassPlan | null;
}

export interface NestedPlan extends NestedClass, Lists {
  /** Which class a value is; `null` when there is one only. */
  readonly choice: Choice | null;
  /** The length above which a list is refused whatever it holds. */
  readonly maxSize: number;
  /** Whether class-transformer treats the entry of a Map as more than a value of its own. */
  readonly isSpecial: (key: string) => boolean;
}

/** A discriminator, and the classes that it tells apart. */
export interface Choice {
  readonly property: string;
  readonly classes: ReadonlyMap<unknown, NestedClass>;
  /** The class of a value that no name is right for. */
  readonly otherwise: NestedClass;
}

export interface RulePlan {
  readonly rule: Rule;
  readonly each: boolean;
  /** Inlined: implies the answer of the constraint. `null`: the constraint is called. */
  readonly leaf: Leaf | null;
  readonly constraints: readonly ConstraintMetadata[];
}

/** A predicate in two forms that must agree: an expression for generated code, and a function. */
export interface Leaf {
  /** `value` is the name of a variable; `bind` gives the name under which the code sees a constant. */
  readonly source: (value: string, bind: (constant: unknown) => string) => string;
  readonly test: (value: unknown) => boolean;
  /** Whether it lets no object pass. */
  readonly isScalar: boolean;
}

/** Whether a rule can run before there is an instance. */
export function isInlined({ leaf, rule }: RulePlan): boolean {
  return leaf !== null && !rule.validateIf;
}
