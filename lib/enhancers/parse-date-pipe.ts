import { isNil, type ParsePipeOptions, parseException } from './parse-failure.ts';
import type { ArgumentMetadata, PipeTransform } from './pipe-transform.ts';

/** The options of `ParseDatePipe`. */
export interface ParseDatePipeOptions extends ParsePipeOptions {
  /** Makes the date where the value is `undefined` or `null`. */
  readonly default?: (() => Date) | undefined;
}

const MISSING = { rule: 'isDate', expected: 'no Date provided' };
const NOT_A_DATE = { rule: 'isDate', expected: 'invalid date format' };

/** Reads what `Date` reads: an ISO 8601 text, whose day must exist, or milliseconds as a number. */
export class ParseDatePipe implements PipeTransform<unknown, Date | null | undefined> {
  readonly #options: ParseDatePipeOptions;

  constructor(options: ParseDatePipeOptions = {}) {
    this.#options = options;
  }

  /** Gives the date; throws a `BadRequestException`, or what the options say. */
  transform(value: unknown, metadata?: ArgumentMetadata): Date | null | undefined {
    if (isNil(value) && this.#options.default) return this.#options.default();
    if (isNil(value) && this.#options.optional) return value;
    if (isNil(value) || value === '') throw parseException(MISSING, metadata, this.#options);
    const date = toDate(value);
    if (date === undefined) throw parseException(NOT_A_DATE, metadata, this.#options);
    return date;
  }
}

function toDate(value: unknown): Date | undefined {
  if (typeof value !== 'string' && typeof value !== 'number' && !(value instanceof Date)) return undefined;
  const date = new Date(value);
  if (Number.isNaN(date.getTime())) return undefined;
  return typeof value === 'string' && hasDayPastMonthEnd(value) ? undefined : date;
}

const DAY = /^\s*([+-]\d{6}|\d{4})-(\d{2})-(\d{2})(?!\d)/;

/** `new Date('2024-02-30')` is the first of March. */
function hasDayPastMonthEnd(text: string): boolean {
  const [, year, month, day] = DAY.exec(text) ?? [];
  if (day === undefined) return false;
  // The day before the first of the next month; setUTCFullYear() takes the year 99 as it is, Date.UTC() adds 1900.
  const last = new Date(0);
  last.setUTCFullYear(Number(year), Number(month), 0);
  return Number(day) > last.getUTCDate();
}
