import type { ExposeMetadata } from 'class-transformer';
import type { ClassLibraries } from '../class-libraries.ts';
import type { ClassMetadata } from '../class-metadata.ts';
import { isInForce } from '../decorator-force.ts';
import type { DtoShape } from '../dto-shape.ts';
import type { ResolvedOptions, UnknownProperties } from '../validation-options.ts';
import type { InputPlan } from './plan.ts';

export interface KeyContext {
  readonly metadata: ClassMetadata;
  readonly libraries: ClassLibraries;
  readonly options: ResolvedOptions;
  readonly unknown: UnknownProperties;
  readonly tag: Tag | null;
}

/** The discriminator by which the class was chosen. */
export interface Tag {
  readonly property: string;
  /** Whether class-transformer leaves it in the input: otherwise no property can be read from it. */
  readonly isKept: boolean;
}

/** class-transformer's `TransformationType.PLAIN_TO_CLASS`. */
const PLAIN_TO_INSTANCE = 0;

/** Which keys of the input class-transformer reads for a class, and into which properties. */
export class InputKeys {
  readonly #shape: DtoShape;
  readonly #context: KeyContext;
  readonly #exposed: readonly ExposeMetadata[];
  readonly #excluded: ReadonlySet<string | undefined>;
  /** By property, the key under which it is exposed. */
  readonly #exposedKeys: ReadonlyMap<string, string>;
  /** Whether a key is read without `@Expose()`. */
  readonly readsAll: boolean;
  /** Whether each property is read from the key of its name, as in most classes. */
  readonly #isPlain: boolean;

  constructor(shape: DtoShape, context: KeyContext) {
    const { types } = context.libraries;
    const { type } = shape;
    this.#shape = shape;
    this.#context = context;
    this.#exposed = types.getExposedMetadatas(type);
    this.#excluded = new Set(types.getExcludedProperties(type, PLAIN_TO_INSTANCE));
    const properties = types.getExposedProperties(type, PLAIN_TO_INSTANCE) as string[];
    this.#exposedKeys = new Map(properties.map(name => [name, this.#nameOf(name) ?? name]));
    const { strategy, excludeExtraneousValues } = context.options.transformer;
    const own = types.getStrategy(type);
    const inForce = own === 'none' ? (strategy ?? 'exposeAll') : own;
    this.readsAll = inForce === 'exposeAll' && !excludeExtraneousValues;
    const isDecorated = this.#exposed.length > 0 || this.#excluded.size > 0;
    this.#isPlain = this.readsAll && !isDecorated && context.tag === null;
  }

  /** Why only class-transformer can tell what is read into what. */
  get refusals(): readonly string[] {
    if (this.#isPlain) return [];
    const { properties } = this.#shape;
    const names = new Map<string, string>([...properties.keys()].map(name => [name, name]));
    for (const name of this.#exposedKeys.keys()) names.set(name, name);
    const shared = this.#exposed.flatMap(({ propertyName, options }) => {
      const alias = options?.name;
      if (!alias) return [];
      if (alias in Object.prototype)
        return [`${propertyName}: exposed as ${alias}, a name that every object has`];
      const owner = names.get(alias) ?? propertyName;
      names.set(alias, propertyName as string);
      return owner === propertyName ? [] : [`${propertyName}: exposed as ${alias}, which is ${owner}`];
    });
    return [...shared, ...this.#undeclaredRefusals(), ...this.#tagRefusals()];
  }

  /** Whether class-transformer reads a key that the class does not declare as no more than a value to copy. */
  copies(key: string): boolean {
    // This strategy also empties the objects in there.
    if (this.#context.options.transformer.strategy === 'excludeAll') return false;
    return this.readsAll && this.#passes(key) && this.#exposed.every(({ options }) => options?.name !== key);
  }

  of(name: string): InputPlan {
    if (this.#isPlain) return { key: name, rivals: [], absent: 'initial' };
    const { exposeDefaultValues, exposeUnsetFields = true } = this.#context.options.transformer;
    const keys = this.#keysOf(name).filter(key => this.#passes(key));
    const readable = keys.filter(key => key !== this.#removed);
    const exposed = this.#exposedKeys.get(name);
    if (exposed === undefined || !this.#passes(exposed)) {
      const [key = null, ...rivals] = this.readsAll ? readable : [];
      return { key, rivals, absent: 'initial' };
    }
    const kept = exposeUnsetFields ? 'own' : 'initial';
    return {
      key: exposed === this.#removed ? null : exposed,
      rivals: this.readsAll ? readable.filter(key => key !== exposed) : [],
      absent: exposeDefaultValues ? kept : 'undefined',
    };
  }

  /** Keys that are declared, and read into no property. */
  get ignored(): readonly string[] {
    if (this.#isPlain) return [];
    const read = [...this.#shape.properties.keys()].flatMap(name => {
      const { key, rivals } = this.of(name);
      return key === null ? rivals : [key, ...rivals];
    });
    return [...this.declared].filter(key => !read.includes(key));
  }

  /** Keys that are not undeclared. */
  get declared(): ReadonlySet<string> {
    if (this.#isPlain) return new Set(this.#shape.properties.keys());
    const names = [...this.#shape.properties.keys()].flatMap(name => this.#keysOf(name));
    return new Set(this.#removed === null ? names : [...names, this.#removed]);
  }

  /** The discriminator, when class-transformer deletes it before it reads the rest. */
  get #removed(): string | null {
    const { tag } = this.#context;
    return tag === null || tag.isKept ? null : tag.property;
  }

  #keysOf(name: string): readonly string[] {
    const aliases = this.#exposed.filter(({ propertyName }) => propertyName === name);
    return [...new Set([name, ...aliases.flatMap(({ options }) => options?.name || [])])];
  }

  #nameOf(key: string): string | undefined {
    return (
      this.#context.libraries.types.findExposeMetadata(this.#shape.type, key)?.options?.name || undefined
    );
  }

  /** By the key, not by the property it is read into: so does class-transformer. */
  #passes(key: string): boolean {
    const { options } = this.#context.libraries.types.findExposeMetadata(this.#shape.type, key) ?? {};
    return !this.#excluded.has(key) && isInForce(options, this.#context.options.transformer);
  }

  /** A property that is exposed only is assigned and, by the whitelist, removed again or refused. */
  #undeclaredRefusals(): readonly string[] {
    const { unknown, metadata } = this.#context;
    const { type, properties, hasTransforms } = this.#shape;
    const undeclared = [...this.#exposedKeys].filter(
      ([name, key]) => !properties.has(name) && this.#passes(key),
    );
    return undeclared.flatMap(([name]) => {
      const own = Object.getOwnPropertyDescriptor(type.prototype, name);
      if (own && !own.set) return [];
      const isRemoved = unknown === 'strip' && !hasTransforms && !metadata.hasTransform(type, name);
      if (isRemoved && !(name in (type.prototype as object))) return [];
      return [`${name}: @Expose() without a decorator of class-validator`];
    });
  }

  #tagRefusals(): readonly string[] {
    const { tag, unknown } = this.#context;
    if (!tag?.isKept || unknown !== 'forbid' || this.#shape.properties.has(tag.property)) return [];
    return [`${tag.property}: a discriminator that is kept and has no decorator, and so fails each value`];
  }
}
