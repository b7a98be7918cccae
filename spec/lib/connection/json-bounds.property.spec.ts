import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isShallow, isSurelyWhole, isWithin, type JsonBounds } from '../../../lib/connection/json-bounds.ts';
import { PROPERTY_TIMEOUT, parameters } from '../../support/property.ts';

const json = fc.json({ maxDepth: 6 }).map(text => JSON.parse(text) as unknown);
const bounds = fc.record<JsonBounds>({
  depth: fc.integer({ min: 1, max: 8 }),
  nodes: fc.integer({ min: 1, max: 40 }),
  keys: fc.integer({ min: 1, max: 8 }),
});

/** The three measures of a value, each by itself and without a thought of cost. */
function measure(value: unknown): { depth: number; nodes: number; keys: number } {
  if (typeof value !== 'object' || value === null) return { depth: 0, nodes: 0, keys: 0 };
  const items = Object.values(value).map(measure);
  return {
    depth: 1 + Math.max(0, ...items.map(({ depth }) => depth)),
    nodes: items.reduce((sum, { nodes }) => sum + nodes, items.length),
    keys: Math.max(Array.isArray(value) ? 0 : items.length, ...items.map(({ keys }) => keys)),
  };
}

/** As many levels of lists and objects as asked for. */
function nest(levels: number, kind: 'list' | 'object'): unknown {
  let value: unknown = 1;
  for (let level = 0; level < levels; level++) value = kind === 'list' ? [value] : { a: value };
  return value;
}

const kind = fc.constantFrom('list' as const, 'object' as const);

describe('isWithin', { timeout: PROPERTY_TIMEOUT }, () => {
  it('says of any JSON whether it is within bounds', () => {
    const check = fc.property(json, bounds, (value, { depth, nodes, keys }) => {
      const is = measure(value);
      const isDue = is.depth <= depth && is.nodes <= nodes && is.keys <= keys;
      expect(isWithin(value, { depth, nodes, keys })).toBe(isDue);
    });
    fc.assert(check, parameters(1000));
  });

  it('refuses no small value by the default bounds', () => {
    const check = fc.property(json, value => {
      const { depth, nodes, keys } = measure(value);
      fc.pre(depth <= 32 && nodes <= 10_000 && keys <= 256);
      expect(isWithin(value, { depth: 32, nodes: 10_000, keys: 256 })).toBe(true);
    });
    fc.assert(check, parameters(300));
  });

  it('stops at the first level too many, however many there are', () => {
    const check = fc.property(
      fc.integer({ min: 1, max: 100 }),
      fc.integer({ min: 0, max: 100_000 }),
      kind,
      (depth, levels, of) => {
        const value = nest(levels, of);
        expect(isWithin(value, { depth, nodes: 200_000, keys: 1 })).toBe(levels <= depth);
        expect(isShallow({ value }, depth)).toBe(levels + 1 <= depth);
      },
    );
    fc.assert(check, parameters(30));
  });

  it('takes bytes for one value', () => {
    expect(isWithin(new Uint8Array(1000), { depth: 1, nodes: 1, keys: 1 })).toBe(true);
    expect(isWithin({ bytes: new Uint8Array(1000) }, { depth: 1, nodes: 1, keys: 1 })).toBe(true);
  });

  it('ends in a value that holds itself', () => {
    const value: { self?: object } = {};
    value.self = value;
    expect(isWithin(value, { depth: 32, nodes: 10_000, keys: 256 })).toBe(false);
    expect(isShallow(value, 512)).toBe(false);
  });
});

/** Whether somewhere an object is empty, or may be bytes by its first key. */
function hasSuspect(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (!Array.isArray(value) && ['0', undefined].includes(Object.keys(value)[0])) return true;
  return Object.values(value).some(hasSuspect);
}

describe('isSurelyWhole', { timeout: PROPERTY_TIMEOUT }, () => {
  it('is certain of all JSON but for empty objects, what may be bytes, and what is too deep', () => {
    const check = fc.property(json, fc.integer({ min: 1, max: 8 }), (value, depth) => {
      expect(isSurelyWhole({ value }, depth)).toBe(isShallow({ value }, depth) && !hasSuspect(value));
    });
    fc.assert(check, parameters(1000));
  });

  it.each([
    ['a Map', new Map([['a', 1]]), false],
    ['a Set', new Set([1]), false],
    ['bytes', new Uint8Array([1, 2]), false],
    ['no bytes', new Uint8Array(), false],
    ['an ArrayBuffer', new ArrayBuffer(2), false],
    ['an Error', new Error('no'), false],
    ['a promise', Promise.resolve(1), false],
    ['a Response', new Response('x'), false],
    ['a Date', new Date(0), true],
    ['a URL', new URL('http://localhost'), true],
    [
      'an instance',
      new (class Point {
        x = 1;
      })(),
      true,
    ],
  ])('of %s, wherever it is', (_name, value, isWhole) => {
    expect([isSurelyWhole({ value }, 8), isSurelyWhole([[value]], 8)]).toEqual([isWhole, isWhole]);
  });
});
