import type { ConstraintMetadata } from 'class-validator/types/metadata/ConstraintMetadata.js';
import type { Rule } from '../class-metadata.ts';
import type { LeafKind } from './leaves.ts';
import type { Leaf } from './plan.ts';

const UUID = '9b2e1f3c-6f0d-4c58-8d47-0d9b9e1c2a3f';

/** Values on which decorators that only share a name are likely to differ. */
const PROBES: readonly unknown[] = [
  ...[undefined, null, true, false, 0, 1, -1, 0.5, 7, 150, 1e21, Number.NaN, Infinity, -Infinity],
  ...[
    '',
    ' ',
    'a',
    'abc',
    'ABC',
    '5',
    '-1',
    '0',
    '1.5',
    'true',
    '😀😀',
    'a\uFE0F',
    'x'.repeat(40),
    UUID,
    UUID.toUpperCase(),
  ],
  ...[[], ['a'], [1, 2, 3], [null], {}, { a: 1 }, new Date(0), new Date(Number.NaN)],
];

/**
 * Whether a rule is class-validator's own of that name, as far as can be told: a decorator of the user's may have the
 * same name. It has the same default text, and refuses nothing that the predicate lets pass.
 */
export function isOwnRule(rule: Rule, constraint: ConstraintMetadata, { kind, leaf }: Candidate): boolean {
  const { instance } = constraint;
  const failure = {
    targetName: '',
    object: {},
    property: rule.propertyName,
    constraints: rule.constraints ?? [],
  };
  const prefix = rule.each ? 'each value in ' : '';
  try {
    const text = instance.defaultMessage?.({ ...failure, value: undefined });
    if (text !== `${prefix}${kind.message}`) return false;
    const own = ownProbes(rule.constraints);
    return [...PROBES, ...own].every(value => {
      return !leaf.test(value) || instance.validate(value, { ...failure, value }) === true;
    });
  } catch {
    return false;
  }
}

interface Candidate {
  readonly kind: LeafKind;
  readonly leaf: Leaf;
}

/** Values that the arguments of the decorator itself suggest. */
function ownProbes(constraints: readonly unknown[] | undefined): readonly unknown[] {
  const values = (constraints ?? []).flatMap(item => (Array.isArray(item) ? item.slice(0, 8) : [item]));
  const nearby = values.flatMap(value => (typeof value === 'number' ? [value - 1, value + 1] : []));
  const texts = values.flatMap(value =>
    Number.isInteger(value) && (value as number) >= 0 && (value as number) < 1000
      ? ['x'.repeat(value as number)]
      : [],
  );
  return [...values, ...nearby, ...texts];
}
