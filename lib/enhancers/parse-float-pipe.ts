import { isNil, type ParsePipeOptions, parseException } from './parse-failure.ts';
import type { ArgumentMetadata, PipeTransform } from './pipe-transform.ts';

const NOT_A_NUMBER = { rule: 'isNumber', expected: 'numeric string is expected' };
const RADIX_PREFIX = /^0[box]/i;

/** Reads a decimal number, with or without a fraction and an exponent, or takes a finite one. */
export class ParseFloatPipe implements PipeTransform<unknown, number | null | undefined> {
  readonly #options: ParsePipeOptions;

  constructor(options: ParsePipeOptions = {}) {
    this.#options = options;
  }

  /** Gives the number; throws a `BadRequestException`, or what the options say. */
  transform(value: unknown, metadata?: ArgumentMetadata): number | null | undefined {
    if (isNil(value) && this.#options.optional) return value;
    if (!isNumeric(value)) throw parseException(NOT_A_NUMBER, metadata, this.#options);
    return Number.parseFloat(String(value));
  }
}

function isNumeric(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  // Number('') is 0, and Number(' 1 ') is 1.
  if (typeof value !== 'string' || value === '' || value !== value.trim()) return false;
  return !RADIX_PREFIX.test(value) && Number.isFinite(Number(value));
}
