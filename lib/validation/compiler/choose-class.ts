import type { Discriminator } from '../class-metadata.ts';
import type { Class } from '../validator.ts';
import type { Tag } from './input-keys.ts';
import { type Builder, type Choice, MISS, type NestedClass } from './plan.ts';

interface Declaration {
  readonly type: Class;
  readonly by: Discriminator;
  /** `keepDiscriminatorProperty` */
  readonly keeps: boolean;
}

/** The classes that a discriminator tells apart, or why only class-transformer can. */
export function choiceOf(
  { type, by, keeps }: Declaration,
  nestedIn: (type: Class, tag: Tag) => NestedClass,
): Choice | string {
  const { property, subTypes } = by;
  if (property in Object.prototype || property === 'length') return `a discriminator called ${property}`;
  if (!Array.isArray(subTypes)) return 'a discriminator without subTypes';
  if (!subTypes.every(({ name }) => typeof name === 'string'))
    return 'a discriminator whose names are no texts';
  if (!subTypes.every(({ value }) => typeof value === 'function'))
    return 'a discriminator whose classes are missing';
  const tag = { property, isKept: keeps };
  const classes = new Map<unknown, NestedClass>();
  for (const { name, value } of subTypes) {
    if (!classes.has(name)) classes.set(name, nestedIn(value, tag));
  }
  return { property, classes, otherwise: nestedIn(type, tag) };
}

/** The class that a value says it is of. */
export function chosen(choice: Choice, value: object): NestedClass {
  return choice.classes.get(Reflect.get(value, choice.property)) ?? choice.otherwise;
}

/** Builds a value by the class that it says it is of; as a `switch` where code may be generated. */
export function chooser(choice: Choice): Builder {
  const choose = switchOf(choice) ?? (value => chosen(choice, value).builder);
  return {
    build: (value, depth) =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? choose(value).build(value, depth)
        : MISS,
  };
}

function switchOf({ property, classes, otherwise }: Choice): ((value: object) => Builder) | null {
  const names = [...classes.keys()];
  const cases = names.map((name, at) => `case ${JSON.stringify(name)}: return builders[${at}];`);
  const source = `return value => { switch (value[${JSON.stringify(property)}]) { ${cases.join(' ')} default: return otherwise; } };`;
  const builders = [...classes.values()].map(({ builder }) => builder);
  try {
    return new Function('builders', 'otherwise', source)(builders, otherwise.builder) as never;
  } catch (error) {
    if (error instanceof EvalError) return null;
    throw error;
  }
}
