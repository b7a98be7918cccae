import type { Issue } from '../errors.ts';

/** What a `WsException` may say besides its message. */
export interface WsErrorBody {
  readonly code?: string;
  readonly message?: string;
  readonly issues?: readonly Issue[];
}

/**
 * An error the client is meant to see while a message is handled: its code and message become the error
 * frame. Any other error reaches the client as `internal`, without its text.
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

  constructor(error: string | WsErrorBody, code?: string, options?: ErrorOptions) {
    super(typeof error === 'string' ? error : (error.message ?? ''), options);
    this.#error = error;
    const own = typeof error === 'object' && typeof error.code === 'string' ? error.code : undefined;
    this.code = code ?? own ?? 'error';
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
