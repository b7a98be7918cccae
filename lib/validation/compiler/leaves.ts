import type { Leaf } from './plan.ts';

/** One inlined decorator: its default message, by which it is told from another of the same name, and its predicate. */
export interface LeafKind {
  readonly message: string;
  /** `null` for arguments that are better left to the constraint itself. */
  readonly leafOf: (constraints: readonly unknown[]) => Leaf | null;
}

export type LeafKinds = ReadonlyMap<string, LeafKind>;

type Source = Leaf['source'];

/** Predicates by the names of class-validator's constraints. */
export const LEAF_KINDS: LeafKinds = new Map<string, LeafKind>([
  [
    'isDefined',
    always('$property should not be null or undefined', {
      source: v => `(${v} !== undefined && ${v} !== null)`,
      test: v => v !== undefined && v !== null,
      isScalar: false,
    }),
  ],
  ['equals', { message: '$property must be equal to $constraint1', leafOf: ([other]) => equality(other) }],
  [
    'notEquals',
    { message: '$property should not be equal to $constraint1', leafOf: ([other]) => inequality(other) },
  ],
  [
    'isEmpty',
    always('$property must be empty', {
      source: v => `(${v} === '' || ${v} === null || ${v} === undefined)`,
      test: v => v === '' || v === null || v === undefined,
      isScalar: true,
    }),
  ],
  [
    'isNotEmpty',
    always('$property should not be empty', {
      source: v => `(${v} !== '' && ${v} !== null && ${v} !== undefined)`,
      test: v => v !== '' && v !== null && v !== undefined,
      isScalar: false,
    }),
  ],
  [
    'isIn',
    {
      message: '$property must be one of the following values: $constraint1',
      leafOf: ([values]) => membership(values),
    },
  ],
  [
    'isInt',
    always('$property must be an integer number', {
      source: v => `Number.isInteger(${v})`,
      test: v => Number.isInteger(v),
      isScalar: true,
    }),
  ],
  [
    'isNumber',
    {
      message: '$property must be a number conforming to the specified constraints',
      leafOf: ([options]) => plainNumber(options),
    },
  ],
  ['min', { message: '$property must not be less than $constraint1', leafOf: ([n]) => compared('>=', n) }],
  ['max', { message: '$property must not be greater than $constraint1', leafOf: ([n]) => compared('<=', n) }],
  ['isPositive', { message: '$property must be a positive number', leafOf: () => compared('>', 0) }],
  ['isNegative', { message: '$property must be a negative number', leafOf: () => compared('<', 0) }],
  ['isString', always('$property must be a string', typeOf('string'))],
  ['isBoolean', always('$property must be a boolean value', typeOf('boolean'))],
  [
    'isArray',
    always('$property must be an array', {
      source: v => `Array.isArray(${v})`,
      test: v => Array.isArray(v),
      isScalar: false,
    }),
  ],
  [
    'isObject',
    always('$property must be an object', {
      source: v => `(typeof ${v} === 'object' && ${v} !== null && !Array.isArray(${v}))`,
      test: v => typeof v === 'object' && v !== null && !Array.isArray(v),
      isScalar: false,
    }),
  ],
  [
    'isDate',
    always('$property must be a Date instance', {
      source: v => `(${v} instanceof Date && !Number.isNaN(${v}.getTime()))`,
      test: v => v instanceof Date && !Number.isNaN(v.getTime()),
      isScalar: false,
    }),
  ],
  [
    'isEnum',
    {
      message: '$property must be one of the following values: $constraint2',
      leafOf: ([entity]) => enumMember(entity),
    },
  ],
  [
    'arrayMinSize',
    { message: '$property must contain at least $constraint1 elements', leafOf: ([n]) => sized('>=', n) },
  ],
  [
    'arrayMaxSize',
    { message: '$property must contain no more than $constraint1 elements', leafOf: ([n]) => sized('<=', n) },
  ],
  ['arrayNotEmpty', { message: '$property should not be empty', leafOf: () => sized('>', 0) }],
]);

function always(message: string, leaf: Leaf): LeafKind {
  return { message, leafOf: () => leaf };
}

function typeOf(type: 'string' | 'boolean'): Leaf {
  const test =
    type === 'string' ? (v: unknown) => typeof v === 'string' : (v: unknown) => typeof v === 'boolean';
  return { source: v => `typeof ${v} === '${type}'`, test, isScalar: true };
}

function equality(other: unknown): Leaf {
  return {
    source: (v, bind) => `${v} === ${bind(other)}`,
    test: v => v === other,
    isScalar: isPrimitive(other),
  };
}

function inequality(other: unknown): Leaf {
  return { source: (v, bind) => `${v} !== ${bind(other)}`, test: v => v !== other, isScalar: false };
}

/** The list is asked each time, because it may be changed after the start. */
function membership(values: unknown): Leaf | null {
  if (!Array.isArray(values)) return null;
  const test = (value: unknown) => {
    for (let at = 0; at < values.length; at++) if (values[at] === value) return true;
    return false;
  };
  // Whatever is put into the list later, no object of the input can be in there.
  return { source: (v, bind) => `${bind(test)}(${v})`, test, isScalar: values.every(isPrimitive) };
}

/** Like class-validator's own check, a Set takes NaN for a member. */
function enumMember(entity: unknown): Leaf | null {
  if (typeof entity !== 'object' || entity === null) return null;
  const members = new Set<unknown>(Object.values(entity));
  if (![...members].every(isPrimitive)) return null;
  return {
    source: (v, bind) => `${bind(members)}.has(${v})`,
    test: value => members.has(value),
    isScalar: true,
  };
}

function plainNumber(options: unknown): Leaf | null {
  if (options !== undefined && Object.keys(Object(options)).length > 0) return null;
  return { source: v => `Number.isFinite(${v})`, test: v => Number.isFinite(v), isScalar: true };
}

type Operator = '>=' | '<=' | '>' | '<';

function compared(operator: Operator, limit: unknown): Leaf | null {
  if (typeof limit !== 'number') return null;
  const source: Source = (v, bind) => `(typeof ${v} === 'number' && ${v} ${operator} ${bind(limit)})`;
  return { source, test: comparison(operator, limit), isScalar: true };
}

/** One function for each operator: a shared one that is given the operator would be called for each value. */
function comparison(operator: Operator, limit: number): Leaf['test'] {
  switch (operator) {
    case '>=':
      return v => typeof v === 'number' && v >= limit;
    case '<=':
      return v => typeof v === 'number' && v <= limit;
    case '>':
      return v => typeof v === 'number' && v > limit;
    case '<':
      return v => typeof v === 'number' && v < limit;
  }
}

function sized(operator: Operator, size: unknown): Leaf | null {
  if (typeof size !== 'number') return null;
  const source: Source = (v, bind) => `(Array.isArray(${v}) && ${v}.length ${operator} ${bind(size)})`;
  const fits = comparison(operator, size);
  return { source, test: v => Array.isArray(v) && fits(v.length), isScalar: false };
}

function isPrimitive(value: unknown): boolean {
  return Object(value) !== value;
}
