import { isNil, type ParsePipeOptions, parseException } from './parse-failure.ts';
import type { ArgumentMetadata, PipeTransform } from './pipe-transform.ts';

const NOT_A_MEMBER = { rule: 'isEnum', expected: 'enum string is expected' };

/**
 * Takes a value of an enum, or of an object like one; the text of a numeric value is read as that number.
 *
 * @example
 * ```ts
 * open(@Query('sort', new ParseEnumPipe(Sort, { optional: true })) sort?: Sort) {}
 * ```
 */
export class ParseEnumPipe<T extends object>
  implements PipeTransform<unknown, T[keyof T] | null | undefined>
{
  readonly #options: ParsePipeOptions;
  readonly #members: ReadonlyMap<unknown, unknown>;

  constructor(enumType: T, options: ParsePipeOptions = {}) {
    if (!enumType) {
      throw new TypeError(
        'new ParseEnumPipe(): no enum is given (got undefined). Pass the enum whose values it takes',
      );
    }
    this.#options = options;
    this.#members = membersOf(enumType);
  }

  /** Gives the value of the enum; throws a `BadRequestException`, or what the options say. */
  transform(value: unknown, metadata?: ArgumentMetadata): T[keyof T] | null | undefined {
    if (isNil(value) && this.#options.optional) return value;
    if (!this.#members.has(value)) throw parseException(NOT_A_MEMBER, metadata, this.#options);
    return this.#members.get(value) as T[keyof T];
  }
}

/** Each value by itself, and a number by its text too. */
function membersOf(enumType: object): ReadonlyMap<unknown, unknown> {
  const entries = Object.entries(enumType).filter(
    ([name, value]) => !isReverseMapping(enumType, name, value),
  );
  const values = entries.map(([, value]) => value as unknown);
  const numbers = values.filter(value => typeof value === 'number');
  return new Map<unknown, unknown>([
    ...numbers.map(value => [String(value), value] as const),
    ...values.map(value => [value, value] as const),
  ]);
}

/** TypeScript adds `0: 'Admin'` beside `Admin: 0`. */
function isReverseMapping(enumType: object, name: string, value: unknown): boolean {
  if (typeof value !== 'string') return false;
  const number: unknown = Reflect.get(enumType, value);
  return typeof number === 'number' && String(number) === name;
}
