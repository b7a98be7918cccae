import { OPCODES } from '../support/frames.ts';
import { describeVectors, failed, fragments, got, text, type Vector } from '../support/rfc6455.ts';

const hex = (digits: string) => Buffer.from(digits.replaceAll(' ', ''), 'hex');

/** Well-formed byte sequences (Unicode 15, table 3-7): the edges of each row, and what is odd but legal. */
const VALID: readonly (readonly [what: string, digits: string])[] = [
  ['Greek, Cyrillic, Chinese, an emoji', 'ceba d0b6 e6b0b4 f09f9880'],
  ['U+0000', '00'],
  ['U+007F', '7f'],
  ['U+0080', 'c280'],
  ['U+07FF', 'dfbf'],
  ['U+0800', 'e0a080'],
  ['U+D7FF, before the surrogates', 'ed9fbf'],
  ['U+E000, after the surrogates', 'ee8080'],
  ['U+FEFF first, which is no mark here', 'efbbbf 61'],
  ['U+FFFD', 'efbfbd'],
  ['U+FFFE, a noncharacter', 'efbfbe'],
  ['U+FFFF, a noncharacter', 'efbfbf'],
  ['U+FDD0, a noncharacter', 'efb790'],
  ['U+10000', 'f0908080'],
  ['U+1FFFE, a noncharacter', 'f09fbfbe'],
  ['U+10FFFF, the last', 'f48fbfbf'],
];

const INVALID: readonly (readonly [what: string, digits: string])[] = [
  ['a continuation byte alone', '80'],
  ['the last continuation byte alone', 'bf'],
  ['a continuation byte after ASCII', '61 80'],
  ['two bytes cut to one', 'c2'],
  ['two bytes cut by ASCII', 'c2 61'],
  ['three bytes cut to two', 'e282'],
  ['three bytes cut by ASCII', 'e282 61'],
  ['four bytes cut to three', 'f09f98'],
  ['four bytes cut by another character', 'f09f98 c280'],
  ['U+0000 in two bytes', 'c080'],
  ['U+007F in two bytes', 'c1bf'],
  ['U+002F in three bytes', 'e080af'],
  ['U+07FF in three bytes', 'e09fbf'],
  ['U+0000 in four bytes', 'f0808080'],
  ['U+FFFF in four bytes', 'f08fbfbf'],
  ['five bytes', 'f888808080'],
  ['six bytes', 'fc8480808080'],
  ['U+D800, a surrogate', 'eda080'],
  ['U+DBFF, a surrogate', 'edafbf'],
  ['U+DC00, a surrogate', 'edb080'],
  ['U+DFFF, a surrogate', 'edbfbf'],
  ['a pair of surrogates', 'eda080edb080'],
  ['U+110000', 'f4908080'],
  ['a lead byte beyond the last', 'f5808080'],
  ['0xFE', 'fe'],
  ['0xFF', 'ff'],
  ['a bad byte after 1 000 good ones', `${'61'.repeat(1000)}ff`],
  ['a bad byte before 1 000 good ones', `ff${'61'.repeat(1000)}`],
];

describeVectors(
  'well-formed UTF-8 (RFC 6455 §8.1)',
  VALID.flatMap(([what, digits]): Vector[] => [
    { name: `passes ${what}`, sends: [text(hex(digits))], gets: [got('text', hex(digits))] },
    {
      name: `passes ${what}, a byte a fragment`,
      sends: fragments(OPCODES.text, ...[...hex(digits)].map(byte => Uint8Array.of(byte))),
      gets: [got('text', hex(digits))],
    },
  ]),
);

describeVectors(
  'ill-formed UTF-8 (RFC 6455 §8.1)',
  INVALID.flatMap(([what, digits]): Vector[] => [
    { name: `fails ${what}`, sends: [text(hex(digits))], gets: [failed(1007)] },
    {
      name: `fails ${what}, split over fragments`,
      sends: fragments(OPCODES.text, hex(digits).subarray(0, 1), hex(digits).subarray(1)),
      gets: [failed(1007)],
    },
  ]),
);

describeVectors('bytes that are no UTF-8 (RFC 6455 §5.6)', [
  {
    name: 'pass as binary',
    sends: fragments(OPCODES.binary, hex('ff'), hex('c080')),
    gets: [got('binary', hex('ffc080'))],
  },
]);
