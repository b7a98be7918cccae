import type { WireError } from '../errors.ts';
import { timerDelay } from './timeout.ts';

/** Options of `connection.request()`. */
export interface RequestOptions {
  /** Milliseconds to wait for the reply. Default 10 000. */
  readonly timeout?: number;
}

/** Why a `connection.request()` has no answer: the client's own error, `timeout`, or `closed`. */
export class RequestError extends Error {
  override readonly name = 'RequestError';

  constructor(
    readonly code: string,
    message: string,
    readonly issues?: WireError['issues'],
  ) {
    super(message);
  }
}

interface PendingRequest {
  readonly event: string;
  readonly resolve: (data: unknown) => void;
  readonly reject: (error: RequestError) => void;
  readonly timer: ReturnType<typeof setTimeout>;
}

/** The requests of one connection to its client that wait for their reply. */
export class PendingRequests {
  readonly #pending = new Map<number, PendingRequest>();
  #lastId = 0;

  get size(): number {
    return this.#pending.size;
  }

  /** Takes the next id and gives the promise of its reply to `send`'s caller. */
  open(event: string, timeout: number, send: (id: number) => void): Promise<unknown> {
    const id = ++this.#lastId;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const timer = setTimeout(() => this.#expire(id, timeout), timerDelay(timeout));
    this.#pending.set(id, { event, resolve, reject, timer });
    // A caller that does not wait for the reply must not end the process when the client leaves.
    promise.catch(() => {});
    try {
      send(id);
    } catch (error) {
      this.#take(id);
      throw error;
    }
    return promise;
  }

  /** Settles the request a reply frame names; `false` when none waits for it any more. */
  settle(id: unknown, data: unknown, error: unknown): boolean {
    const request = this.#take(id as number);
    if (request === undefined) return false;
    if (error === undefined) request.resolve(data ?? null);
    else request.reject(clientError(request.event, error));
    return true;
  }

  /** Ends every request: no reply can come any more. */
  abandon(): void {
    for (const [id, { event }] of this.#pending) {
      this.#take(id)?.reject(
        new RequestError('closed', `the connection closed before "${event}" was answered`),
      );
    }
  }

  #expire(id: number, timeout: number): void {
    const request = this.#take(id);
    request?.reject(
      new RequestError('timeout', `the client did not answer "${request.event}" within ${timeout} ms`),
    );
  }

  #take(id: number): PendingRequest | undefined {
    const request = this.#pending.get(id);
    if (request === undefined) return undefined;
    this.#pending.delete(id);
    clearTimeout(request.timer);
    return request;
  }
}

function clientError(event: string, error: unknown): RequestError {
  const { code, message } = (typeof error === 'object' && error !== null ? error : {}) as Partial<WireError>;
  return new RequestError(
    typeof code === 'string' ? code : 'error',
    typeof message === 'string' ? message : `the client answered "${event}" with an error`,
  );
}
