import type { ClassMetadata, DeclaredType, Discriminator, Rule } from './class-metadata.ts';
import type { DtoShape, NestedShape, PropertyShape } from './dto-shape.ts';
import { describeProperty } from './property-shape.ts';
import type { Class } from './validator.ts';

/** Makes the shape of a DTO class once, and that of each DTO below it. */
export class DtoShapes {
  readonly #metadata: ClassMetadata;
  readonly #shapes = new Map<Class, Map<string, DtoShape>>();

  constructor(metadata: ClassMetadata) {
    this.#metadata = metadata;
  }

  /** `discriminator` names the property that says which class an object is; the class need not declare it. */
  of(type: Class, discriminator = ''): DtoShape {
    const known = this.#shapes.get(type) ?? new Map<string, DtoShape>();
    this.#shapes.set(type, known);
    return known.get(discriminator) ?? this.#make(type, discriminator, known);
  }

  #make(type: Class, discriminator: string, known: Map<string, DtoShape>): DtoShape {
    const rules = this.#metadata.rulesOf(type);
    const names = [...rules.keys()].filter(name => !(name in Object.prototype));
    const tags = discriminator === '' ? [] : [discriminator];
    const properties = new Map<string, PropertyShape>();
    const inputs = new Map<string, PropertyShape>(tags.map(tag => [tag, asItIs(tag)]));
    const outputs = new Set([...names, ...this.#metadata.exposedToPlain(type), ...tags]);
    const hasTransforms = names.some(name => this.#metadata.hasTransform(type, name));
    const shape = { type, inputs, properties, outputs, hasTransforms };
    // Known before its properties are, because a DTO may hold others of its own class.
    known.set(discriminator, shape);
    for (const name of names) properties.set(name, this.#property(type, name, rules.get(name) ?? []));
    for (const [name, property] of properties) inputs.set(name, property);
    for (const [alias, name] of this.#metadata.inputNames(type)) {
      const property = properties.get(name);
      if (property) inputs.set(alias, property);
    }
    return shape;
  }

  #property(type: Class, name: string, rules: readonly Rule[]): PropertyShape {
    const isNested = rules.some(rule => rule.type === 'nestedValidation');
    const nested = isNested ? this.#shapeOf(this.#metadata.declaredType(type, name)) : null;
    return describeProperty(this.#metadata, { type, name, nested, rules });
  }

  #shapeOf(declared: DeclaredType | null): NestedShape | null {
    if (declared === null) return null;
    if (declared.kind === 'dynamic') return { shapeOf: () => null };
    if (declared.kind === 'discriminated') return this.#oneOf(declared.type, declared.by);
    if (this.#metadata.rulesOf(declared.type).size === 0) return null;
    const shape = this.of(declared.type);
    return { shapeOf: () => shape };
  }

  #oneOf(type: Class, { property, subTypes }: Discriminator): NestedShape {
    const base = this.of(type, property);
    const byName = new Map(subTypes.map(({ name, value }) => [name, this.of(value, property)]));
    const byClass = new Map<unknown, DtoShape>(
      subTypes.map(({ value }) => [value, this.of(value, property)]),
    );
    return {
      shapeOf: value =>
        byClass.get(Object.getPrototypeOf(value)?.constructor) ??
        byName.get(Reflect.get(value, property)) ??
        base,
    };
  }
}

function asItIs(name: string): PropertyShape {
  return { name, nested: null, isSingle: false, isMap: false, isList: false, text: null, maxSize: Infinity };
}
