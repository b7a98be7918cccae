import type { RawData, WebSocket } from 'ws';
import type { WireError } from '../errors.ts';
import type { ConnectOptions } from './connect-options.ts';
import { ErrorReply } from './error-reply.ts';
import { type Arrival, type Closed, Inbox } from './inbox.ts';
import { createSocket, opened } from './open-socket.ts';

const DEFAULT_TIMEOUT = 2000;

/** A frame that answers a request, with one value, one of many, the end of them, or an error. */
interface Reply {
  readonly id: unknown;
  readonly data?: unknown;
  readonly next?: unknown;
  readonly done?: true;
  readonly error?: WireError;
}

/**
 * A real WebSocket, made by `connect()`. What arrives is kept until somebody takes it, so nothing can be
 * missed, and every wait ends with an error that says what did arrive.
 */
export class TestClient implements AsyncDisposable {
  /** The headers of the server's 101. */
  readonly headers: Headers;
  readonly #socket: WebSocket;
  readonly #inbox: Inbox;
  readonly #timeout: number;
  /** Ids of requests that wait for a reply, which is nobody else's then. */
  readonly #asked = new Set<unknown>();
  #lastId = 0;

  private constructor(socket: WebSocket, inbox: Inbox, rest: { headers: Headers; timeout: number }) {
    this.#socket = socket;
    this.#inbox = inbox;
    this.headers = rest.headers;
    this.#timeout = rest.timeout;
  }

  /** @internal */
  static async connect(url: string, options: ConnectOptions): Promise<TestClient> {
    const { timeout = DEFAULT_TIMEOUT } = options;
    const socket = createSocket(url, options);
    const inbox = new Inbox();
    socket.on('message', (data, isBinary) => inbox.add(frameOf(data, isBinary)));
    socket.on('close', (code, reason) => inbox.close({ code, reason: reason.toString() }));
    const path = url.slice(url.indexOf('/', url.indexOf('//') + 2));
    return new TestClient(socket, inbox, { headers: await opened(socket, path, timeout), timeout });
  }

  /** The subprotocol that the server selected; empty when none was offered. */
  get subprotocol(): string {
    return this.#socket.protocol;
  }

  /** What arrived and nobody took, as `next()` would give it. */
  get untaken(): readonly unknown[] {
    return this.#inbox.untaken.map(({ value }) => value);
  }

  /** Sends text or bytes as they are, anything else as JSON. */
  send(value: unknown): void {
    const { closed } = this.#inbox;
    if (closed !== undefined) throw new Error(`can't send: the connection closed with ${closed.code}`);
    const isRaw = typeof value === 'string' || ArrayBuffer.isView(value) || value instanceof ArrayBuffer;
    this.#socket.send(isRaw ? (value as string | Uint8Array) : JSON.stringify(value));
  }

  /** Sends an event, `{event, data}`. */
  emit(event: string, data?: unknown): void {
    this.send({ event, data });
  }

  /**
   * Sends an event with an id of its own and gives the `data` of its reply. Whatever else arrives meanwhile
   * is kept for the others.
   *
   * @throws ErrorReply when the reply is an error.
   */
  async request<Value = unknown>(event: string, data?: unknown, timeout = this.#timeout): Promise<Value> {
    const id = this.#ask(event, data);
    try {
      const reply = await this.#reply(event, id, timeout);
      if (!('next' in reply || 'done' in reply)) return reply.data as Value;
      this.send({ id, cancel: true });
      throw new Error(`"${event}" was answered with a stream: read it with stream()`);
    } finally {
      this.#asked.delete(id);
    }
  }

  /**
   * Sends an event with an id of its own and gives the values of the stream it is answered with; leaving the
   * loop cancels the stream.
   *
   * @throws ErrorReply when the stream ends with an error.
   */
  async *stream<Value = unknown>(
    event: string,
    data?: unknown,
    timeout = this.#timeout,
  ): AsyncGenerator<Value, void> {
    const id = this.#ask(event, data);
    let isDone = false;
    try {
      for (;;) {
        const reply = await this.#reply(event, id, timeout);
        isDone = !('next' in reply);
        if ('data' in reply)
          throw new Error(`"${event}" was answered with one value: read it with request()`);
        if (isDone) return;
        yield reply.next as Value;
      }
    } finally {
      this.#asked.delete(id);
      if (!isDone && this.#inbox.closed === undefined) this.send({ id, cancel: true });
    }
  }

  /** The next message: text parsed where it is JSON, bytes as `Uint8Array`. */
  async next<Value = unknown>(timeout = this.#timeout): Promise<Value> {
    return (await this.#next(timeout)).value as Value;
  }

  /** The next message as it came over the wire. */
  async nextFrame(timeout = this.#timeout): Promise<string | Uint8Array> {
    return (await this.#next(timeout)).frame;
  }

  /** The `data` of the next event of that name; other messages, also earlier ones, are kept. */
  async nextEvent<Data = unknown>(name: string, timeout = this.#timeout): Promise<Data> {
    const isIt = ({ value }: Arrival) => isObject(value) && value.event === name;
    const { value } = await this.#inbox.take({ what: `the event "${name}"`, isIt, timeout });
    return (value as { readonly data: Data }).data;
  }

  /** Waits until the connection is closed, by either side. */
  closed(timeout = this.#timeout): Promise<Closed> {
    return this.#inbox.end(timeout);
  }

  /** Closes the connection and waits until it is. */
  close(code?: number, reason?: string): Promise<Closed> {
    this.#socket.close(code, reason);
    return this.closed();
  }

  /** Drops the connection without a close frame, as a client does that vanishes. */
  terminate(): void {
    this.#socket.terminate();
  }

  /** Closes with `await using`; a server that does not answer the close is left. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close().catch(() => this.terminate());
  }

  #ask(event: string, data: unknown): string {
    const id = `request-${++this.#lastId}`;
    this.#asked.add(id);
    this.send({ event, data, id });
    return id;
  }

  async #reply(event: string, id: string, timeout: number): Promise<Reply> {
    const isIt = ({ value }: Arrival) => isReply(value) && value.id === id;
    const { value } = await this.#inbox.take({ what: `the reply to "${event}"`, isIt, timeout });
    const reply = value as Reply;
    if (reply.error !== undefined) throw new ErrorReply(event, reply.error);
    return reply;
  }

  #next(timeout: number): Promise<Arrival> {
    const isIt = ({ value }: Arrival) => !(isReply(value) && this.#asked.has(value.id));
    return this.#inbox.take({ what: 'a message', isIt, timeout });
  }
}

function frameOf(data: RawData, isBinary: boolean): string | Uint8Array {
  return isBinary ? new Uint8Array(data as Buffer) : data.toString();
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function isReply(value: unknown): value is Reply {
  return isObject(value) && 'id' in value && !('event' in value);
}
