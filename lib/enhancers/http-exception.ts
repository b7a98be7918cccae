/** NestJS's second argument of an exception: a `cause` for the log, and a description. */
export interface HttpExceptionOptions extends ErrorOptions {
  readonly description?: string;
}

/**
 * An error with an HTTP status. Thrown during the upgrade it refuses with that status and the body
 * `{statusCode, code, message}`; thrown while a message is handled it becomes the error frame.
 *
 * The response is the message, or an object with `message` and, if you like, `code` and `issues`.
 */
export class HttpException extends Error {
  override readonly name: string = this.constructor.name;
  readonly #response: string | object;
  readonly #status: number;

  constructor(response: string | object, status: number, options: HttpExceptionOptions = {}) {
    super(messageOf(response, options), 'cause' in options ? { cause: options.cause } : undefined);
    if (!Number.isInteger(status) || status < 400 || status > 599) {
      throw new RangeError(`an HttpException has a status from 400 to 599 (got ${String(status)})`);
    }
    this.#response = response;
    this.#status = status;
  }

  /** The HTTP status. */
  getStatus(): number {
    return this.#status;
  }

  /** What the constructor was given. */
  getResponse(): string | object {
    return this.#response;
  }
}

function messageOf(response: string | object, { description }: HttpExceptionOptions): string {
  if (typeof response === 'string') return response;
  const { message } = response as { message?: unknown };
  return typeof message === 'string' ? message : (description ?? '');
}
