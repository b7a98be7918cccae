import { describe, expect, it } from 'vitest';
import { converterOf } from '../../../../lib/validation/compiler/convert-value.ts';
import type { LeafKind } from '../../../../lib/validation/compiler/leaves.ts';
import type { ClassPlan, Leaf, NestedPlan, PropertyPlan } from '../../../../lib/validation/compiler/plan.ts';
import { LEAVES } from '../../../../lib/validation/compiler/plan-rule.ts';
import { CASES } from './decorators.ts';
import { runFuzz } from './fuzz.ts';
import { runGrid } from './grid.ts';

type Test = (constraint: never, value: never) => boolean;

/** By constraint: the decorator, and a predicate that lets too much pass. */
const BROKEN: Record<string, [string, Test]> = {
  isString: ['IsString', (_, v) => typeof v !== 'object'],
  isInt: ['IsInt', (_, v) => typeof v === 'number'],
  isNumber: ['IsNumber', (_, v: number) => !Number.isNaN(Number(v))],
  isBoolean: ['IsBoolean', (_, v: unknown) => v === true || v === false || v === 'true'],
  min: ['Min', (limit: number, v: number) => v >= limit - 1],
  max: ['Max', (limit: number, v: number) => v <= limit],
  isPositive: ['IsPositive', (_, v: number) => typeof v === 'number' && v >= 0],
  isNegative: ['IsNegative', (_, v: number) => v < 0],
  isNotEmpty: ['IsNotEmpty', (_, v: unknown) => v !== null && v !== undefined],
  isDefined: ['IsDefined', (_, v: unknown) => v !== undefined],
  equals: ['Equals', (other: unknown, v: unknown) => String(other) === String(v)],
  isIn: ['IsIn', (values: unknown[], v: unknown) => values.map(String).includes(String(v))],
  isEnum: ['IsEnum', (members: object, v: string) => v in members],
  isArray: ['IsArray', (_, v: unknown) => typeof v === 'object' && v !== null],
  isObject: ['IsObject', (_, v: unknown) => typeof v === 'object'],
  isDate: ['IsDate', (_, v: unknown) => v instanceof Date],
  arrayMinSize: ['ArrayMinSize', (size: number, v: unknown[]) => Array.isArray(v) && v.length >= size - 1],
  arrayMaxSize: ['ArrayMaxSize', (size: number, v: unknown[]) => !(v?.length > size)],
  minLength: ['MinLength', (min: number, v: string) => typeof v === 'string' && v.length >= min],
  maxLength: ['MaxLength', (max: number, v: string) => typeof v === 'string' && v.length <= 2 * max],
  matches: [
    'Matches',
    (pattern: RegExp, v: string) => new RegExp(pattern.source, 'is').test(String(v).trim()),
  ],
  isUuid: ['IsUUID', (_, v: string) => typeof v === 'string' && v.length === 36],
};

function brokenLeaves(name: string, test: Test, isOwnRule: typeof LEAVES.isOwnRule) {
  const kind = LEAVES.kinds.get(name) as LeafKind;
  const leafOf = (constraints: readonly unknown[]): Leaf | null => {
    const leaf = kind.leafOf(constraints);
    if (leaf === null) return null;
    const broken = (value: unknown) => test(constraints[0] as never, value as never);
    return { ...leaf, test: broken, source: (v, bind) => `${bind(broken)}(${v})` };
  };
  return { kinds: new Map([...LEAVES.kinds, [name, { ...kind, leafOf }]]), isOwnRule };
}

describe('a broken predicate', () => {
  for (const [name, [decorator, test]] of Object.entries(BROKEN)) {
    const cases = CASES.filter(one => one.name.startsWith(`${decorator}(`)).slice(0, 2);

    it(`is caught by the grid: ${name}`, () => {
      const leaves = brokenLeaves(name, test, () => true);
      expect(runGrid({ step: 24, cases, seams: { leaves } }).differences).not.toEqual([]);
    });
  }

  it('is not used, because the rule itself is asked at start', () => {
    for (const [name, [decorator, test]] of Object.entries(BROKEN).slice(0, 8)) {
      const leaves = brokenLeaves(name, test, LEAVES.isOwnRule);
      const cases = CASES.filter(one => one.name.startsWith(`${decorator}(`)).slice(0, 1);
      expect(runGrid({ step: 120, cases, seams: { leaves } }).differences).toEqual([]);
    }
  });
});

const eachProperty = (change: (property: PropertyPlan) => Partial<PropertyPlan>) => (plan: ClassPlan) => ({
  ...plan,
  properties: plan.properties.map(property => ({ ...property, ...change(property) })),
});

const eachNested = (change: (nested: NestedPlan) => NestedPlan) =>
  eachProperty(({ conversion, isOptional, skipsNull, conditions }) => {
    if (conversion.kind !== 'nested') return {};
    const changed = { kind: 'nested', nested: change(conversion.nested) } as const;
    return {
      conversion: changed,
      convert: converterOf(changed, isOptional || skipsNull || conditions.length > 0),
    };
  });

/** Plans with one part of them wrong. */
const WRONG_PLANS: Record<string, (plan: ClassPlan) => ClassPlan> = {
  'every property is optional': eachProperty(() => ({ isOptional: true })),
  'no rule is called': eachProperty(({ rules }) => ({ rules: rules.filter(rule => rule.leaf !== null) })),
  '@IsDefined() is forgotten': eachProperty(() => ({ definedRules: [] })),
  '@ValidateIf() is forgotten': eachProperty(() => ({ conditions: [] })),
  'no value is copied': eachProperty(({ conversion }) =>
    conversion.kind === 'copy' ? { conversion: { kind: 'scalar' }, convert: value => value } : {},
  ),
  'defaults are not checked': eachProperty(() => ({ hasDefault: false })),
  'each is forgotten': eachProperty(({ rules }) => ({
    rules: rules.map(rule => ({ ...rule, each: false })),
  })),
  '@Transform() is forgotten': eachProperty(() => ({ transform: null })),
  'exposed keys are read by the name of the property': eachProperty(({ name, input }) => ({
    input: { ...input, key: input.key && name },
  })),
  'a default survives its absent exposed key': eachProperty(({ input }) => ({
    input: { ...input, absent: 'initial' },
  })),
  'an exposed property is not there in any case': eachProperty(({ input }) => ({
    input: { ...input, absent: input.absent === 'own' ? 'initial' : input.absent },
  })),
  '@Exclude() is forgotten': eachProperty(({ name, input }) => ({
    input: { ...input, key: input.key ?? name },
  })),
  'the first of several keys wins': eachProperty(({ input }) => ({ input: { ...input, rivals: [] } })),
  'undefined overwrites': eachProperty(() => ({ keepsDefault: false })),
  'the discriminator is not looked at': eachNested(({ choice, ...nested }) => ({
    ...nested,
    choice: null,
    builder: choice?.otherwise.builder ?? nested.builder,
    plan: choice?.otherwise.plan ?? nested.plan,
  })),
  'a Set is a list': eachNested(nested => ({ ...nested, collection: 'array' })),
  'what a @Transform() made is not judged': eachProperty(({ nestedCheck }) => ({
    nestedCheck: nestedCheck && (() => true),
  })),
  'fields without a decorator stay': plan => ({ ...plan, undeclaredFields: [] }),
  'unknown properties are stripped': plan => ({ ...plan, unknown: 'strip' }),
};

/** What only texts show: they keep the defaults of exposed properties. */
const WRONG_FOR_TEXTS = new Set(['an exposed property is not there in any case']);

describe('a wrong plan', () => {
  for (const [name, revise] of Object.entries(WRONG_PLANS)) {
    const isText = WRONG_FOR_TEXTS.has(name);

    // Bounded by its classes; how long they take is the machine's business.
    it(`is caught by random classes: ${name}`, { timeout: 600_000 }, () => {
      expect(() => runFuzz({ seed: 2, runs: 600, isText, seams: { revise }, shrinks: false })).toThrow(
        /by the libraries|shares an object/,
      );
    });
  }
});
