import { isNil, type ParseFailure, type ParsePipeOptions, parseException } from './parse-failure.ts';
import type { ArgumentMetadata, PipeTransform } from './pipe-transform.ts';

/** A version of a UUID, or `all` for any of them, and for the Nil and the Max UUID. */
export type UuidVersion = '1' | '2' | '3' | '4' | '5' | '6' | '7' | '8' | 'all';

/** The options of `ParseUUIDPipe`. */
export interface ParseUUIDPipeOptions extends ParsePipeOptions {
  /** Takes UUIDs of one version only. Default `all`. */
  readonly version?: UuidVersion | undefined;
}

/** RFC 9562, section 4: the 13th digit is the version, the 17th the variant. */
const UUID = /^[\da-f]{8}-[\da-f]{4}-([1-8])[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/i;
const NIL_OR_MAX = /^(?:0{8}(?:-0{4}){3}-0{12}|f{8}(?:-f{4}){3}-f{12})$/i;

/** Takes the text of a UUID as it is. */
export class ParseUUIDPipe implements PipeTransform<unknown, string | null | undefined> {
  readonly #options: ParseUUIDPipeOptions;
  readonly #version: UuidVersion;
  readonly #failure: ParseFailure;

  constructor(options: ParseUUIDPipeOptions = {}) {
    this.#options = options;
    this.#version = options.version ?? 'all';
    const version = this.#version === 'all' ? '' : ` v ${this.#version}`;
    this.#failure = { rule: 'isUuid', expected: `uuid${version} is expected` };
  }

  /** Gives the text; throws a `BadRequestException`, or what the options say. */
  transform(value: unknown, metadata?: ArgumentMetadata): string | null | undefined {
    if (isNil(value) && this.#options.optional) return value;
    if (typeof value === 'string' && isUuid(value, this.#version)) return value;
    throw parseException(this.#failure, metadata, this.#options);
  }
}

function isUuid(text: string, version: UuidVersion): boolean {
  const found = UUID.exec(text)?.[1];
  if (version !== 'all') return found === version;
  return found !== undefined || NIL_OR_MAX.test(text);
}
