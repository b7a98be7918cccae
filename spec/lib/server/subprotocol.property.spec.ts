import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { selectSubprotocol } from '../../../lib/server/subprotocol.ts';
import { PROPERTY_TIMEOUT, parameters } from '../../support/property.ts';

/** Few and short, so that lists have some in common, and differ only in case. */
const token = fc.string({ unit: fc.constantFrom('v', 'V', '1', '.', '-'), minLength: 1, maxLength: 2 });
const tokens = fc.uniqueArray(token, { maxLength: 5 });
/** RFC 9110 §5.6.3 and §5.6.1.2: white space, and elements without anything in them. */
const gap = fc.constantFrom(',', ', ', ' ,', '\t,\t', ',,', ', ,');

describe('selectSubprotocol', { timeout: PROPERTY_TIMEOUT }, () => {
  it('selects the first of its own that is offered, however the offer is written', () => {
    const check = fc.property(tokens, tokens, gap, (spoken, offered, between) => {
      const selected = selectSubprotocol(offered.join(between), spoken);
      const due = spoken.filter(name => offered.includes(name))[0];
      expect(selected).toBe(spoken.length === 0 ? undefined : (due ?? null));
    });
    fc.assert(check, parameters(1000));
  });

  it('does not depend on the order of the offer', () => {
    const check = fc.property(tokens, tokens, (spoken, offered) => {
      expect(selectSubprotocol(offered.toReversed().join(','), spoken)).toBe(
        selectSubprotocol(offered.join(','), spoken),
      );
    });
    fc.assert(check, parameters(500));
  });

  it('selects nothing but its own, whatever is offered', () => {
    const check = fc.property(tokens, fc.string({ unit: 'binary' }), (spoken, offered) => {
      const selected = selectSubprotocol(offered, spoken);
      expect([null, undefined, ...spoken]).toContain(selected);
    });
    fc.assert(check, parameters(500));
  });

  it('selects none where none is offered', () => {
    const check = fc.property(tokens, spoken => {
      expect(selectSubprotocol(null, spoken)).toBeUndefined();
    });
    fc.assert(check, parameters(100));
  });
});
