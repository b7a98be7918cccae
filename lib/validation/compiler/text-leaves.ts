import type { LeafKind } from './leaves.ts';
import type { Leaf } from './plan.ts';

/** Predicates over strings, by the names of class-validator's constraints. */
export const TEXT_LEAF_KINDS: ReadonlyMap<string, LeafKind> = new Map<string, LeafKind>([
  [
    'isLength',
    {
      message: '$property must be longer than or equal to $constraint1 characters',
      leafOf: ([min, max]) => length(min, max),
    },
  ],
  [
    'minLength',
    {
      message: '$property must be longer than or equal to $constraint1 characters',
      leafOf: ([min]) => length(min, undefined),
    },
  ],
  [
    'maxLength',
    {
      message: '$property must be shorter than or equal to $constraint1 characters',
      leafOf: ([max]) => length(0, max),
    },
  ],
  [
    'matches',
    {
      message: '$property must match $constraint1 regular expression',
      leafOf: ([pattern]) => match(pattern),
    },
  ],
  ['isUuid', { message: '$property must be a UUID', leafOf: ([version]) => uuid(version) }],
]);

/**
 * class-validator counts a surrogate pair, and a character with its presentation selector, as one: a text of L code
 * units has between ⌈L/3⌉ and L characters by that count. Only between those bounds is there anything to count.
 */
function length(min: unknown, max: unknown): Leaf | null {
  if (!isCount(min) || (max !== undefined && !isCount(max))) return null;
  const exact = (text: string) => {
    if (text.length < min) return false;
    const count = countCharacters(text);
    return count >= min && (max === undefined || count <= max);
  };
  const surely = min <= 1 ? min : 3 * min - 2;
  const isSure = (units: number) => units >= surely && (max === undefined || units <= max);
  return {
    source: (v, bind) => {
      const bounds = [`${v}.length >= ${surely}`, ...(max === undefined ? [] : [`${v}.length <= ${max}`])];
      return `(typeof ${v} === 'string' && ((${bounds.join(' && ')}) || ${bind(exact)}(${v})))`;
    },
    test: v => typeof v === 'string' && (isSure(v.length) || exact(v)),
    isScalar: true,
  };
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** As validator.js counts them. */
function countCharacters(text: string): number {
  const presentations = text.match(/(?!\uFE0F|\uFE0E)[\s\S](?:\uFE0F|\uFE0E)/g)?.length ?? 0;
  const pairs = text.match(/[\uD800-\uDBFF][\uDC00-\uDFFF]/g)?.length ?? 0;
  return text.length - presentations - pairs;
}

/** `g` and `y` make a RegExp remember its last match, which `String.match()` respects and `test()` would change. */
function match(pattern: unknown): Leaf | null {
  if (!(pattern instanceof RegExp) || pattern.global || pattern.sticky) return null;
  if (Object.getPrototypeOf(pattern) !== RegExp.prototype || Object.hasOwn(pattern, 'exec')) return null;
  return regularExpression(pattern);
}

function regularExpression(pattern: RegExp): Leaf {
  return {
    source: (v, bind) => `(typeof ${v} === 'string' && ${bind(pattern)}.test(${v}))`,
    test: v => typeof v === 'string' && pattern.test(v),
    isScalar: true,
  };
}

const ANY_UUID =
  /^(?:[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}|00000000-0000-0000-0000-000000000000|ffffffff-ffff-ffff-ffff-ffffffffffff)$/i;

function uuid(version: unknown): Leaf | null {
  if (version === undefined || version === null || version === 'all') return regularExpression(ANY_UUID);
  if (!/^[1-8]$/.test(String(version)) || typeof version === 'object') return null;
  return regularExpression(
    new RegExp(`^[0-9A-F]{8}-[0-9A-F]{4}-${version}[0-9A-F]{3}-[89AB][0-9A-F]{3}-[0-9A-F]{12}$`, 'i'),
  );
}
