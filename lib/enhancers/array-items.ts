/** Reads an item of a list as a primitive; `undefined` for one that it cannot be. */
export interface ItemReader {
  readonly rule: string;
  readonly expected: string;
  readonly read: (item: unknown) => unknown;
}

const READERS = new Map<unknown, ItemReader>([
  [String, { rule: 'isString', expected: 'item must be a string', read: item => `${item}` }],
  [Number, { rule: 'isNumber', expected: 'item must be a number', read: item => toNumber(parsedItem(item)) }],
  [
    Boolean,
    {
      rule: 'isBoolean',
      expected: 'item must be a boolean value',
      read: item => toBoolean(parsedItem(item)),
    },
  ],
]);

/** The reader for `String`, `Number` or `Boolean`; `undefined` for a DTO class. */
export function itemReaderOf(type: unknown): ItemReader | undefined {
  return READERS.get(type);
}

/** An item of a text is JSON where it can be: `true`, `12`, `{"id":1}`. */
export function parsedItem(item: unknown): unknown {
  if (typeof item !== 'string') return item;
  try {
    return JSON.parse(item);
  } catch {
    // A text that is no JSON is the text.
    return item;
  }
}

const RADIX_PREFIX = /^0[box]/i;

function toNumber(item: unknown): number | undefined {
  if (typeof item !== 'number' && !isDecimal(item)) return undefined;
  const number = Number(item);
  return Number.isFinite(number) ? number : undefined;
}

/** Number(' ') is 0. */
function isDecimal(item: unknown): boolean {
  return typeof item === 'string' && item.trim() !== '' && !RADIX_PREFIX.test(item.trim());
}

function toBoolean(item: unknown): boolean | undefined {
  return typeof item === 'boolean' ? item : undefined;
}
