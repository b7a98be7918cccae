import { httpExceptionOf } from './http-exception-of.ts';
import type { ArgumentMetadata } from './pipe-transform.ts';

/** What the parsing pipes share, by NestJS's names. */
export interface ParsePipeOptions {
  /** Lets `undefined` and `null` through. Default `false`. */
  readonly optional?: boolean | undefined;
  /** The status of a refused upgrade, and the class of the exception. Default `400`, a `BadRequestException`. */
  readonly errorHttpStatusCode?: number | undefined;
  /** Makes what is thrown, from NestJS's text for the failure. */
  readonly exceptionFactory?: ((error: string) => unknown) | undefined;
}

/** Why a value was refused; the value itself is never part of it. */
export interface ParseFailure {
  readonly rule: string;
  /** What NestJS says in brackets: `numeric string is expected`. */
  readonly expected: string;
}

export function isNil(value: unknown): value is null | undefined {
  return value === undefined || value === null;
}

/** What a parsing pipe throws: for a client the same as a DTO that failed, with one issue. */
export function parseException(
  { rule, expected }: ParseFailure,
  metadata: ArgumentMetadata | undefined,
  { exceptionFactory, errorHttpStatusCode = 400 }: ParsePipeOptions,
): unknown {
  const message = `Validation failed (${expected})`;
  if (exceptionFactory) return exceptionFactory(message);
  const issue = { path: metadata?.data ?? '', rule, message: expected };
  return httpExceptionOf(errorHttpStatusCode, { code: 'validation_failed', message, issues: [issue] });
}
