import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { textsReader } from '../../../../lib/validation/compiler/read-texts.ts';
import type { DtoShape, PropertyShape } from '../../../../lib/validation/dto-shape.ts';
import { Preparation, type Reading } from '../../../../lib/validation/preparation.ts';
import { BOOLEAN, DATE, NUMBER, STRING, type TextReader } from '../../../../lib/validation/text-reader.ts';
import { PROPERTY_TIMEOUT, parameters } from '../../../support/property.ts';

class Dto {}
const property = (name: string, text: TextReader | null, isList = false): PropertyShape => ({
  name,
  nested: null,
  isSingle: false,
  isMap: false,
  isList,
  text,
  maxSize: Infinity,
});
const shapeOf = (...properties: PropertyShape[]): DtoShape => {
  const named = new Map(properties.map(one => [one.name, one]));
  return {
    type: Dto,
    inputs: named,
    properties: named,
    outputs: new Set(named.keys()),
    hasTransforms: false,
  };
};
const reading: Reading = { unknown: 'strip', isText: true, isTerse: false };
const shape = shapeOf(
  property('text', STRING),
  property('number', NUMBER),
  property('flag', BOOLEAN),
  property('at', DATE),
);

const text = fc.constantFrom('', '1', '-2.5', '1e999', ' 1', 'true', '0', '2024-02-29', '2024-02-30', 'ü');
const value = fc.oneof(
  { weight: 6, arbitrary: text },
  fc.array(text, { maxLength: 2 }),
  fc.constantFrom(1, null, undefined),
);
const record = fc.dictionary(
  fc.constantFrom('text', 'number', 'flag', 'at', 'other', 'constructor', '__proto__'),
  value,
);

describe('textsReader', { timeout: PROPERTY_TIMEOUT }, () => {
  it('reads what a preparation does, or nothing', () => {
    const read = textsReader(shape, reading);
    let short = 0;
    const check = fc.property(fc.oneof(record, value), source => {
      const fast = read?.(source);
      if (fast === undefined) return;
      short++;
      const preparation = new Preparation(reading);
      expect(fast).toEqual(preparation.object(shape, source));
      expect(preparation.issues.total).toBe(0);
    });
    fc.assert(check, parameters(2000));
    expect(short).toBeGreaterThan(100);
  });

  it('is not for lists, for what is no text, nor where undeclared properties count', () => {
    expect(textsReader(shapeOf(property('list', STRING, true)), reading)).toBeNull();
    expect(textsReader(shapeOf(property('nested', null)), reading)).toBeNull();
    expect(textsReader({ ...shape, hasTransforms: true }, reading)).toBeNull();
    for (const unknown of ['keep', 'forbid'] as const) {
      expect(textsReader(shape, { ...reading, unknown })).toBeNull();
    }
  });
});
