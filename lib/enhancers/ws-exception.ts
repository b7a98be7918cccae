import type { Issue } from '../errors.ts';

/** What a `WsException` may say besides its message. */
export interface WsErrorBody {
  readonly code?: string;
  readonly message?: string;
  readonly issues?: readonly Issue[];
}

type WsError = string | WsErrorBody | readonly object[];

/**
 * An error the client is meant to see while a message is handled: its code and message become the error
 * frame. Any other error reaches the client as `internal`, without its text.
 *
 * A list of class-validator's errors, as an `exceptionFactory` is given it, becomes `validation_failed` with issues.
 *
 * @example
 * ```ts
 * throw new WsException('no seat is left', 'no_seat');
 * ```
 */
export class WsException extends Error {
  override readonly name: string = this.constructor.name;
  readonly #error: string | WsErrorBody;
  /** What the client is told; `error` unless one was given. */
  readonly code: string;

  constructor(error: WsError, code?: string, options?: ErrorOptions) {
    super(textOf(error), options);
    this.#error = error as string | WsErrorBody;
    this.code = code ?? codeOf(error);
  }

  /** What the constructor was given. */
  getError(): string | WsErrorBody {
    return this.#error;
  }

  /** What else the client is told, when the error was given with issues. */
  get issues(): readonly Issue[] | undefined {
    return typeof this.#error === 'object' ? this.#error.issues : undefined;
  }
}

function textOf(error: WsError): string {
  if (typeof error === 'string') return error;
  return (error as WsErrorBody).message ?? '';
}

function codeOf(error: WsError): string {
  if (Array.isArray(error)) return 'validation_failed';
  const { code } = error as WsErrorBody;
  return typeof code === 'string' ? code : 'error';
}
