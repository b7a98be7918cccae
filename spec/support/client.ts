import { withDeadline } from './deadline.ts';

/** How a connection ended, seen from the client. */
export interface Closed {
  readonly code: number;
  readonly reason: string;
}

export interface ConnectOptions {
  readonly headers?: Record<string, string>;
  readonly protocols?: string[];
}

/** A real WebSocket client whose waits have deadlines and say what did arrive instead. */
export class Client implements AsyncDisposable {
  readonly socket: WebSocket;
  readonly #arrived: (string | Uint8Array)[] = [];
  readonly #closed = Promise.withResolvers<Closed>();
  #wake: (() => void) | null = null;
  #isClosed = false;

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.binaryType = 'arraybuffer';
    socket.addEventListener('message', ({ data }) => this.#take(data));
    socket.addEventListener('close', ({ code, reason }) => {
      this.#isClosed = true;
      this.#closed.resolve({ code, reason });
      this.#wake?.();
    });
  }

  /** Connects to `ws://…`; fails when the upgrade is refused. */
  static async connect(url: string, options: ConnectOptions = {}): Promise<Client> {
    const socket = new WebSocket(url.replace(/^http/, 'ws'), options as unknown as string[]);
    const client = new Client(socket);
    const opened = new Promise<void>((resolve, reject) => {
      socket.addEventListener('open', () => resolve());
      socket.addEventListener('close', ({ code }) => reject(new Error(`${url} was refused (${code})`)));
    });
    await withDeadline(opened, 3000, `${url} did not open`);
    return client;
  }

  /** Sends text or bytes as they are, anything else as JSON. */
  send(value: unknown): void {
    if (typeof value === 'string') this.socket.send(value);
    else if (ArrayBuffer.isView(value)) this.socket.send(value as Uint8Array<ArrayBuffer>);
    else this.socket.send(JSON.stringify(value));
  }

  /** The next frame: text parsed as JSON where it is JSON, bytes as `Uint8Array`. */
  async next(timeout = 3000): Promise<unknown> {
    const frame = await this.nextFrame(timeout);
    if (typeof frame !== 'string') return frame;
    try {
      return JSON.parse(frame);
    } catch {
      return frame;
    }
  }

  /** The next frame as it went over the wire. */
  async nextFrame(timeout = 3000): Promise<string | Uint8Array> {
    if (this.#arrived.length === 0 && !this.#isClosed) {
      const arrived = new Promise<void>(resolve => {
        this.#wake = resolve;
      });
      await withDeadline(arrived, timeout, 'no frame arrived');
    }
    const frame = this.#arrived.shift();
    if (frame !== undefined) return frame;
    throw new Error(`no frame arrived before the close ${JSON.stringify(await this.#closed.promise)}`);
  }

  /** The next `count` frames. */
  async take(count: number): Promise<unknown[]> {
    const frames: unknown[] = [];
    while (frames.length < count) frames.push(await this.next());
    return frames;
  }

  /** Sends an event with an id and gives the frame that answers it; frames before it are dropped. */
  async request(event: string, data: unknown, id: string | number): Promise<Record<string, unknown>> {
    this.send({ event, data, id });
    for (;;) {
      const frame = await this.next();
      if (typeof frame === 'object' && frame !== null && 'id' in frame && frame.id === id) {
        return frame as Record<string, unknown>;
      }
    }
  }

  /** Frames that arrived and were not taken. */
  get untaken(): readonly unknown[] {
    return this.#arrived;
  }

  closed(timeout = 3000): Promise<Closed> {
    return withDeadline(this.#closed.promise, timeout, 'the connection did not close');
  }

  close(code?: number, reason?: string): Promise<Closed> {
    this.socket.close(code, reason);
    return this.closed();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#isClosed) await this.close();
  }

  #take(data: string | ArrayBuffer): void {
    this.#arrived.push(typeof data === 'string' ? data : new Uint8Array(data));
    this.#wake?.();
    this.#wake = null;
  }
}
