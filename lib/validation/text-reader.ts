/** Turns one text into a value of a declared type, and says what to complain of when it cannot. */
export interface TextReader {
  readonly rule: string;
  readonly message: string;
  /** `undefined`, which no text stands for, when the text is not a value of that type. */
  readonly read: (text: string) => unknown;
  /** All texts that it reads, where they are few. */
  readonly texts?: readonly string[];
}

export const STRING: TextReader = { rule: 'isString', message: 'must be a string', read: text => text };
export const NUMBER: TextReader = { rule: 'isNumber', message: 'must be a number', read: readNumber };
export const BOOLEAN: TextReader = { rule: 'isBoolean', message: 'must be a boolean', read: readBoolean };
export const DATE: TextReader = { rule: 'isDate', message: 'must be an ISO 8601 date', read: readDate };

const BY_CLASS = new Map<unknown, TextReader>([
  [String, STRING],
  [Number, NUMBER],
  [Boolean, BOOLEAN],
  [Date, DATE],
]);

/** The reader for `String`, `Number`, `Boolean` or `Date`; `null` for any other type. */
export function readerOf(type: unknown): TextReader | null {
  return BY_CLASS.get(type) ?? null;
}

/** Reads the text of a member's value: `"1"` is the member 1 of a numeric enum, whose names are no values of it. */
export function enumReader(members: object): TextReader {
  const values = Object.entries(members).filter(([name]) => !isReverseMapping(name));
  const byText = new Map<string, unknown>(values.map(([, value]) => [String(value), value]));
  const message = `must be one of the following values: ${[...byText.keys()].join(', ')}`;
  return { rule: 'isEnum', message, read: text => byText.get(text), texts: [...byText.keys()] };
}

/** TypeScript adds `0: 'Admin'` beside `Admin: 0`; a member itself cannot have a numeric name. */
function isReverseMapping(name: string): boolean {
  return String(Number(name)) === name;
}

export const DECIMAL_PATTERN = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

function readNumber(text: string): number | undefined {
  if (!DECIMAL_PATTERN.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}

function readBoolean(text: string): boolean | undefined {
  if (text === 'true' || text === '1') return true;
  if (text === 'false' || text === '0') return false;
  return undefined;
}

export const DATE_PATTERN =
  /^(\d{4}-\d{2}-\d{2})(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2})?)?$/;

function readDate(text: string): Date | undefined {
  const day = DATE_PATTERN.exec(text)?.[1];
  if (day === undefined || !isCalendarDay(day)) return undefined;
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

/** `new Date('2024-02-30')` is the first of March. */
function isCalendarDay(day: string): boolean {
  const date = new Date(day);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day);
}
