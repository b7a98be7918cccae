import { describe, expect, it } from 'vitest';
import { printable } from '../../../lib/observability/printable.ts';

describe('printable()', () => {
  it.each(['say', 'größer als 1', '日本語', '👩 ok', '\\u001b'])('leaves text as it is: %j', text => {
    expect(printable(text)).toBe(text);
  });

  it.each([
    ['a\nb\r\n', 'a\\u000ab\\u000d\\u000a'],
    ['\u0000\u001b[31m\u007f', '\\u0000\\u001b[31m\\u007f'],
    ['\u009b31m', '\\u009b31m'],
    ['a\u2028b\u2029', 'a\\u2028b\\u2029'],
    ['\u202eabc\u2066', '\\u202eabc\\u2066'],
    ['\u{e0001}', '\\udb40\\udc01'],
  ])('escapes what could forge a line or move a cursor, as JSON does: %j', (text, escaped) => {
    expect(printable(text)).toBe(escaped);
    expect(JSON.parse(`"${escaped}"`)).toBe(text);
  });
});
