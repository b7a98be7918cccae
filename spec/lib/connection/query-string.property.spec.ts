import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseQuery } from '../../../lib/connection/query-string.ts';
import { PROPERTY_TIMEOUT, parameters } from '../../support/property.ts';

/** What a client may put behind the `?`: much of it punctuation, some of it escaped. */
const search = fc
  .array(fc.constantFrom('a', 'b', 'room', '=', '&', '?', '/', '%41', '%', '+', 'é', '__proto__'), {
    maxLength: 12,
  })
  .map(parts => parts.join(''));

/** The WHATWG URL Standard's own reading, as a record. */
function standard(text: string): Record<string, string | string[]> {
  const read = new URL(`http://localhost/?${text}`).searchParams;
  const keys = [...new Set(read.keys())];
  return Object.fromEntries(
    keys.map(key => {
      const values = read.getAll(key);
      return [key, values.length === 1 ? (values[0] as string) : values];
    }),
  );
}

describe('parseQuery', { timeout: PROPERTY_TIMEOUT }, () => {
  it('reads what a URL does, escaped or not', () => {
    const check = fc.property(search, text => {
      expect(Object.entries(parseQuery(text))).toEqual(Object.entries(standard(text)));
    });
    fc.assert(check, parameters(2000));
  });

  it('reads what goes by a name as it does without names', () => {
    const names = ['a', 'room', '__proto__', ''];
    const check = fc.property(search, text => {
      const all = parseQuery(text);
      const some = parseQuery(text, names);
      expect(names.map(name => some[name])).toEqual(names.map(name => all[name]));
      expect(Object.keys(all)).toEqual(expect.arrayContaining(Object.keys(some)));
    });
    fc.assert(check, parameters(2000));
  });
});
