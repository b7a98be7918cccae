import { isNil, type ParsePipeOptions, parseException } from './parse-failure.ts';
import type { ArgumentMetadata, PipeTransform } from './pipe-transform.ts';

const NOT_AN_INTEGER = { rule: 'isInt', expected: 'numeric string is expected' };
const INTEGER = /^-?\d+$/;

/**
 * Reads an integer written in decimal digits, or takes one; anything else is refused.
 *
 * @example
 * ```ts
 * open(@Param('id', ParseIntPipe) id: number) {}
 * ```
 */
export class ParseIntPipe implements PipeTransform<unknown, number | null | undefined> {
  readonly #options: ParsePipeOptions;

  constructor(options: ParsePipeOptions = {}) {
    this.#options = options;
  }

  /** Gives the integer; throws a `BadRequestException`, or what the options say. */
  transform(value: unknown, metadata?: ArgumentMetadata): number | null | undefined {
    if (isNil(value) && this.#options.optional) return value;
    const number = toInteger(value);
    if (number === undefined) throw parseException(NOT_AN_INTEGER, metadata, this.#options);
    return number;
  }
}

function toInteger(value: unknown): number | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  // A number prints as it would be written: 1.5 and 1e21 have no integer's digits.
  if (!INTEGER.test(String(value))) return undefined;
  const number = Number.parseInt(String(value), 10);
  return Number.isFinite(number) ? number : undefined;
}
