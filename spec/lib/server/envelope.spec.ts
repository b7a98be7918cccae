import { describe, expect, it } from 'vitest';
import { BadFrame, readFrame } from '../../../lib/server/envelope.ts';

/** As a route that takes large messages has them. */
const BOUNDS = { depth: 32, nodes: 1_000_000, keys: 256 };

const frameOf = (data: string) => `{"event":"say","data":${data}}`;
const nested = (levels: number) => `${'{"child":'.repeat(levels)}{}${'}'.repeat(levels)}`;

describe('a frame of a route with a large maxNodes', () => {
  it('is too deep all the same', () => {
    expect(readFrame(frameOf(nested(2000)), BOUNDS)).toEqual(new BadFrame(undefined, 'too_large'));
  });

  it('may be long', () => {
    const list = JSON.stringify(Array.from({ length: 50_000 }, (_, at) => at));
    expect(readFrame(frameOf(list), BOUNDS)).toMatchObject({ event: 'say' });
  });
});
