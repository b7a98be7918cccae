import 'reflect-metadata';
import {
  Exclude,
  type ExcludeOptions,
  Expose,
  type ExposeOptions,
  Transform,
  type TransformFnParams,
  Type,
  type TypeOptions,
} from 'class-transformer';
import {
  IsOptional,
  ValidateBy,
  ValidateIf,
  ValidateNested,
  type ValidationArguments,
  type ValidationOptions,
} from 'class-validator';
import fc from 'fast-check';
import type { Class } from '../../../../lib/validation/validator.ts';
import { CASES } from './decorators.ts';

/** A class as data, so that a failing one can be shrunk and shown. */
export interface ClassModel {
  /** The position of its parent among the classes before it; none when it is not below its own. */
  readonly parent: number;
  readonly properties: readonly PropertyModel[];
  /** What the constructor sets without a decorator. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** `@Expose()` or `@Exclude()` on the class. */
  readonly strategy: number;
}

export interface PropertyModel {
  readonly name: string;
  readonly rules: readonly RuleModel[];
  readonly isOptional: boolean;
  readonly condition: number;
  /** `-1` for none; otherwise the position of a class, modulo those known. */
  readonly nested: number;
  readonly isValidated: boolean;
  readonly scalar: number;
  readonly reflected: number;
  readonly initial: unknown;
  readonly transform: number;
  /** The position of an `@Expose()`; `-1` for none. */
  readonly expose: number;
  readonly exclude: number;
  /** The position of a discriminator for what is nested; `-1` for none. */
  readonly tag: number;
}

export interface RuleModel {
  readonly at: number;
  readonly each: boolean;
  readonly groups: readonly string[];
  readonly always: boolean;
  readonly message: number;
  readonly validateIf: number;
}

const NAMES = ['a', 'b', 'c', '0', '10', 'then', 'prototype', "it's $& \n", 'length', 'name', 'size'];
const MESSAGES: readonly ValidationOptions['message'][] = [
  undefined,
  '$target.$property: $constraint1',
  'got $value',
  ({ value }) => `got ${value}`,
  ({ property, constraints }) => `${property} ${constraints?.length}`,
  ({ object }) => Object.keys(object).join(),
];
const CONDITIONS = [
  undefined,
  (object: object) => 'a' in object,
  (_: object, value: unknown) => typeof value !== 'string',
];
const CUSTOM: readonly ((value: unknown, asked: ValidationArguments) => unknown)[] = [
  value => value !== 'abc',
  (_, { object }) => !Object.hasOwn(object, 'b'),
  (value, asked) => asked.value === value && typeof asked.object === 'object',
];

function isInstance(value: unknown): value is object {
  return typeof value === 'object' && value !== null && value.constructor !== Object;
}

const TRANSFORMS: readonly ((given: TransformFnParams) => unknown)[] = [
  ({ value }) => (typeof value === 'string' ? value.trim() : value),
  ({ value, obj, key }) => (key in obj && Object.hasOwn(obj, 'unknown') ? obj.unknown : value),
  ({ value }) => (Array.isArray(value) ? new Set(value) : [value]),
  ({ value }) =>
    isInstance(value) ? Object.assign(Object.create(Object.getPrototypeOf(value)), value, { a: 1 }) : value,
  ({ value, type, options }) =>
    type === 0 && !options.exposeDefaultValues && value === 5 ? undefined : value,
];

export const EXPOSES: readonly ExposeOptions[] = [
  {},
  { name: 'alias' },
  { name: 'b' },
  { toPlainOnly: true, name: 'other' },
  { toClassOnly: true },
  { groups: ['x'], name: 'alias' },
  { groups: ['x'] },
  { since: 2 },
  { until: 2, name: 'alias' },
];
const EXCLUDES: readonly ExcludeOptions[] = [{}, { toPlainOnly: true }, { toClassOnly: true }];
/** Two names, of which the class of the property and its first are meant; and whether it is kept. */
export const TAGS = [
  { property: 'kind', keeps: false },
  { property: 'kind', keeps: true },
  { property: 'a', keeps: false },
];

const rule = fc.record<RuleModel>({
  at: fc.oneof(
    { weight: 7, arbitrary: fc.nat(CASES.length + CUSTOM.length - 1) },
    fc.constant(CASES.findIndex(({ name }) => name === 'IsDefined()')),
  ),
  each: fc.boolean(),
  groups: fc.oneof({ weight: 4, arbitrary: fc.constant([]) }, fc.subarray(['x', 'y'])),
  always: fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, fc.boolean()),
  message: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.nat(MESSAGES.length - 1)),
  validateIf: fc.oneof({ weight: 8, arbitrary: fc.constant(0) }, fc.nat(CONDITIONS.length - 1)),
});

const property = fc.record<PropertyModel>({
  name: fc.constantFrom(...NAMES),
  rules: fc.array(rule, { maxLength: 3 }),
  isOptional: fc.boolean(),
  condition: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.nat(CONDITIONS.length - 1)),
  nested: fc.oneof({ weight: 2, arbitrary: fc.constant(-1) }, fc.nat(2)),
  isValidated: fc.oneof({ weight: 6, arbitrary: fc.constant(true) }, fc.boolean()),
  scalar: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.nat(4)),
  reflected: fc.oneof({ weight: 3, arbitrary: fc.nat(2) }, fc.nat(7)),
  transform: fc.oneof({ weight: 8, arbitrary: fc.constant(-1) }, fc.nat(TRANSFORMS.length - 1)),
  expose: fc.oneof({ weight: 8, arbitrary: fc.constant(-1) }, fc.nat(EXPOSES.length - 1)),
  exclude: fc.oneof({ weight: 20, arbitrary: fc.constant(-1) }, fc.nat(EXCLUDES.length - 1)),
  tag: fc.oneof({ weight: 3, arbitrary: fc.constant(-1) }, fc.nat(TAGS.length - 1)),
  initial: fc.oneof(
    { weight: 5, arbitrary: fc.constant(undefined) },
    fc.constantFrom('a', 1, null, [], ['a'], {}),
  ),
});

export const classes = fc.array(
  fc.record<ClassModel>({
    parent: fc.oneof({ weight: 2, arbitrary: fc.constant(9) }, fc.nat(1)),
    properties: fc.uniqueArray(property, { minLength: 1, maxLength: 4, selector: ({ name }) => name }),
    strategy: fc.oneof({ weight: 12, arbitrary: fc.constant(0) }, fc.nat(2)),
    fields: fc.oneof(
      { weight: 4, arbitrary: fc.constant({}) },
      fc.constantFrom({ q: undefined }, { q: 1 }, { z: { a: 1 } }, { b: 'set' }),
    ),
  }),
  { minLength: 1, maxLength: 3 },
);

/** The classes of the models; each may hold those before it and itself. */
export function makeClasses(models: readonly ClassModel[]): readonly Class[] {
  const made: (new () => object)[] = [];
  for (const model of models) made.push(makeClass(model, made));
  return made;
}

function makeClass(
  { parent, properties, fields, strategy }: ClassModel,
  before: readonly (new () => object)[],
): new () => object {
  const initial = properties.filter(({ initial }) => initial !== undefined);
  const Parent = before[parent] ?? class {};
  class Dto extends Parent {
    constructor() {
      super();
      Object.assign(this, structuredClone(fields));
      for (const { name, initial: value } of initial) Object.assign(this, { [name]: structuredClone(value) });
    }
  }
  for (const model of properties) decorate(Dto, model, before);
  if (strategy > 0) [Expose, Exclude][strategy - 1]?.()(Dto);
  return Dto;
}

function decorate(Dto: new () => object, model: PropertyModel, before: readonly (new () => object)[]): void {
  const { name, nested, scalar, isValidated, condition } = model;
  const known = [...before, Dto];
  const Nested = nested < 0 ? undefined : (known[nested % known.length] as new () => object);
  const reflected = [Object, Array, Nested ?? String, Number, Set, Map, Date, undefined][model.reflected];
  if (reflected) Reflect.defineMetadata('design:type', reflected, Dto.prototype, name);
  const type = Nested ?? [undefined, String, Number, Boolean, Date][scalar];
  if (type) Type(() => type, tagOf(model, known))(Dto.prototype, name);
  const [expose, exclude] = [EXPOSES[model.expose], EXCLUDES[model.exclude]];
  if (expose) Expose(expose)(Dto.prototype, name);
  if (exclude) Exclude(exclude)(Dto.prototype, name);
  const transform = TRANSFORMS[model.transform];
  if (transform) Transform(transform)(Dto.prototype, name);
  for (const one of model.rules) decoratorOf(one)(Dto.prototype, name);
  const message = MESSAGES[model.rules.length];
  if (Nested && isValidated) ValidateNested(message ? { message } : {})(Dto.prototype, name);
  if (CONDITIONS[condition]) ValidateIf(CONDITIONS[condition])(Dto.prototype, name);
  if (model.isOptional || model.rules.length === 0) IsOptional()(Dto.prototype, name);
}

function tagOf({ nested, tag }: PropertyModel, known: readonly (new () => object)[]): TypeOptions {
  const { property, keeps } = TAGS[tag] ?? {};
  if (nested < 0 || property === undefined) return {};
  const subTypes = ['one', 'other'].map((name, at) => ({
    name,
    value: known[(nested + at) % known.length] as new () => object,
  }));
  return { discriminator: { property, subTypes }, keepDiscriminatorProperty: keeps === true };
}

function decoratorOf({ at, each, groups, always, message, validateIf }: RuleModel): PropertyDecorator {
  const text = MESSAGES[message];
  const condition = CONDITIONS[validateIf];
  const options: ValidationOptions = {
    each,
    ...(groups.length > 0 && { groups: [...groups] }),
    ...(always && { always }),
    ...(text && { message: text }),
    ...(condition && { validateIf: condition }),
  };
  const validate = CUSTOM[at - CASES.length];
  if (!validate) return (CASES[at] ?? CASES[0])?.decorate(options) as PropertyDecorator;
  return ValidateBy(
    {
      name: `custom${at}`,
      validator: { validate: (v, asked) => validate(v, asked as ValidationArguments) as boolean },
    },
    options,
  );
}
