import { CASES } from './decorators.ts';

/** Texts of JSON that JavaScript literals cannot spell, or that read better this way. */
const HOSTILE = [
  '{"__proto__":{"a":1}}',
  '{"constructor":1}',
  '{"constructor":{"a":1},"b":2}',
  '{"toString":1,"a":2}',
  '{"then":1}',
  '{"prototype":{"a":1}}',
  '{"hasOwnProperty":{"a":1}}',
  '[{"__proto__":[]}]',
  '{"length":3}',
];

const SCALARS = [
  ...[null, true, false, 0, -0, 1, -1, 2, 3, 4, 5, 0.5, 1.25, 1.255, -3, -3.5, 7, 100, 1e-7, 1e21, 2 ** 53],
  ...[
    '',
    ' ',
    'a',
    'b',
    'ab',
    'abc',
    'abcd',
    'abcde',
    'ABC',
    'Abc',
    'a.c',
    'a\nc',
    ' abc ',
    'xyz',
    '0',
    '1',
    '5',
    '-1',
    '1.5',
    '1e5',
  ],
  ...[
    'true',
    'false',
    'null',
    'NaN',
    'Infinity',
    'Low',
    'High',
    'good',
    'Good',
    'today',
    '2024-02-30',
    '0x10',
  ],
  ...[
    '😀',
    '😀😀',
    '😀😀😀',
    '😀😀😀😀',
    'a\uFE0F',
    'a\uFE0Fb\uFE0Fc\uFE0F',
    '\uFE0F\uFE0F',
    '\uD83D',
    'a\nb',
    '\u0000',
  ],
  ...['9B2E1F3C-6F0D-4C58-8D47-0D9B9E1C2A3F', '9b2e1f3c-6f0d-9c58-8d47-0d9b9e1c2a3f', 'x'.repeat(300)],
  ...['ffffffff-ffff-ffff-ffff-ffffffffffff', '2024-01-01T00:00:00Z', '1970-01-01'],
];

const LISTS = [
  ...[
    [],
    [[]],
    [[[]]],
    [null],
    [0],
    [1],
    [1, 2],
    [1, 2, 3],
    [1, 1],
    ['a'],
    ['a', 1],
    ['abc', 'abd'],
    ['a', null],
  ],
  ...[
    [true],
    [''],
    [{}],
    [{ a: 1 }],
    [{ id: 1 }, { id: 2 }],
    [{ id: 1 }, { id: 1 }],
    [[1], [2]],
    [['a']],
    [[null]],
  ],
  ...[['good', 'bad'], [0, 5], ['5', '6'], [0.5, -1], ['😀😀'], Array.from({ length: 40 }, (_, at) => at)],
];

const OBJECTS = [
  {},
  { a: 1 },
  { a: undefined },
  { a: { b: { c: [1, { d: null }] } } },
  { id: 1 },
  { 0: 'a' },
  { p: 1 },
];

/** Whatever is decoded from JSON for one property; `undefined` stands for an absent one. */
export function gridValues(): readonly unknown[] {
  const good = CASES.flatMap(({ good }) => [...good]);
  const values = [
    ...SCALARS,
    ...LISTS,
    ...OBJECTS.map(strip),
    ...HOSTILE.map(text => JSON.parse(text)),
    ...good,
  ];
  return [undefined, ...unique(values)];
}

function strip(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

function unique(values: readonly unknown[]): readonly unknown[] {
  const byText = new Map(values.map(value => [Object.is(value, -0) ? '-0' : JSON.stringify(value), value]));
  return [...byText.values()];
}
