import type { RawData, WebSocket } from 'ws';
import type { ConnectOptions } from './connect-options.ts';
import { ErrorReply } from './error-reply.ts';
import { type Arrival, type Closed, Inbox, type Wanted } from './inbox.ts';
import { createSocket, opened } from './open-socket.ts';
import { isObject, isReply, type Reply } from './reply.ts';

const DEFAULT_TIMEOUT = 2000;
/** What the ids of `request()` begin with, so that they are not those a test sends itself. */
const OWN_ID = 'test-client-';

/**
 * A real WebSocket, made by `connect()`. What arrives is kept until somebody takes it, so nothing can be
 * missed, and every wait ends with an error that says what did arrive.
 */
// The methods that wait await what they return: else Bun would take them out of the stack as tail calls.
export class TestClient implements AsyncDisposable {
  readonly #socket: WebSocket;
  readonly #timeout: number;
  readonly #inbox = new Inbox(
    ({ value }) => isReply(value) && String(value.id).startsWith(OWN_ID) && !this.#asked.has(value.id),
  );
  /** Ids of requests that wait for replies, which are nobody else's then. */
  readonly #asked = new Set<unknown>();
  #lastId = 0;
  #headers = new Headers();

  private constructor(socket: WebSocket, timeout: number) {
    this.#socket = socket;
    this.#timeout = timeout;
    socket.on('message', (data, isBinary) => this.#inbox.add(frameOf(data, isBinary)));
    socket.on('close', (code, reason) => this.#inbox.close({ code, reason: reason.toString() }));
  }

  /** @internal */
  static async connect(url: string, options: ConnectOptions): Promise<TestClient> {
    const { timeout = DEFAULT_TIMEOUT } = options;
    const socket = createSocket(url, options);
    const client = new TestClient(socket, timeout);
    const path = url.slice(url.indexOf('/', url.indexOf('//') + 2));
    client.#headers = await opened(socket, path, timeout);
    return client;
  }

  /** The headers of the server's 101. */
  get headers(): Headers {
    return this.#headers;
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
      const reply = await this.#reply(event, id, { timeout, asker: this.request });
      if (!('next' in reply || 'done' in reply)) return reply.data as Value;
      if ('next' in reply) this.send({ id, cancel: true });
      throw new Error(`"${event}" was answered with a stream: read it with stream()`);
    } finally {
      this.#forget(id);
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
    let isOpen = true;
    try {
      while (isOpen) {
        const reply = await this.#reply(event, id, { timeout });
        isOpen = 'next' in reply;
        if (isOpen) yield reply.next as Value;
        else if ('data' in reply) {
          throw new Error(`"${event}" was answered with one value: read it with request()`);
        }
      }
    } catch (error) {
      isOpen &&= !(error instanceof ErrorReply);
      throw error;
    } finally {
      this.#forget(id);
      if (isOpen && this.#inbox.closed === undefined) this.send({ id, cancel: true });
    }
  }

  /** The next message: text parsed where it is JSON, bytes as `Uint8Array`. */
  async next<Value = unknown>(timeout = this.#timeout): Promise<Value> {
    return (await this.#next(timeout, this.next)).value as Value;
  }

  /** The next message as it came over the wire. */
  async nextFrame(timeout = this.#timeout): Promise<string | Uint8Array> {
    return (await this.#next(timeout, this.nextFrame)).frame;
  }

  /** The `data` of the next event of that name; other messages, also earlier ones, are kept. */
  async nextEvent<Data = unknown>(name: string, timeout = this.#timeout): Promise<Data> {
    const isIt = ({ value }: Arrival) => isObject(value) && value.event === name;
    const wanted = { what: `the event "${name}"`, isIt, timeout, asker: this.nextEvent };
    const { value } = await this.#inbox.take(wanted);
    return (value as { readonly data: Data }).data;
  }

  /** Waits until the connection is closed, by either side. */
  async closed(timeout = this.#timeout): Promise<Closed> {
    return await this.#inbox.end(timeout, this.closed);
  }

  /** Closes the connection and waits until it is. */
  async close(code?: number, reason?: string): Promise<Closed> {
    this.#socket.close(code, reason);
    return await this.#inbox.end(this.#timeout, this.close);
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
    const id = `${OWN_ID}${++this.#lastId}`;
    this.#asked.add(id);
    this.send({ event, data, id });
    return id;
  }

  /** Ends a request: what else is replied to it, as by a stream until it hears of its end, is for nobody. */
  #forget(id: string): void {
    this.#asked.delete(id);
    this.#inbox.clean();
  }

  async #reply(event: string, id: string, wait: Pick<Wanted, 'timeout' | 'asker'>): Promise<Reply> {
    const isIt = ({ value }: Arrival) => isReply(value) && value.id === id;
    const { value } = await this.#inbox.take({ what: `the reply to "${event}"`, isIt, ...wait });
    const reply = value as Reply;
    if (reply.error !== undefined) throw new ErrorReply(event, reply.error);
    return reply;
  }

  #next(timeout: number, asker: Wanted['asker']): Promise<Arrival> {
    const isIt = ({ value }: Arrival) => !(isReply(value) && this.#asked.has(value.id));
    return this.#inbox.take({ what: 'a message', isIt, timeout, ...(asker && { asker }) });
  }
}

function frameOf(data: RawData, isBinary: boolean): string | Uint8Array {
  return isBinary ? new Uint8Array(data as Buffer) : data.toString();
}
