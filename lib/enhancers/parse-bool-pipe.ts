import { isNil, type ParsePipeOptions, parseException } from './parse-failure.ts';
import type { ArgumentMetadata, PipeTransform } from './pipe-transform.ts';

const NOT_A_BOOLEAN = { rule: 'isBoolean', expected: 'boolean string is expected' };

/** Reads `true` and `false`, or takes a boolean; `1`, `0`, `yes` and the like are refused. */
export class ParseBoolPipe implements PipeTransform<unknown, boolean | null | undefined> {
  readonly #options: ParsePipeOptions;

  constructor(options: ParsePipeOptions = {}) {
    this.#options = options;
  }

  /** Gives the boolean; throws a `BadRequestException`, or what the options say. */
  transform(value: unknown, metadata?: ArgumentMetadata): boolean | null | undefined {
    if (isNil(value) && this.#options.optional) return value;
    if (value === true || value === 'true') return true;
    if (value === false || value === 'false') return false;
    throw parseException(NOT_A_BOOLEAN, metadata, this.#options);
  }
}
