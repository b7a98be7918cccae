import type { Socket } from 'bun';
import { frame } from '../../../spec/support/frames.ts';
import { CLOSE, FrameReader, PING, PONG, TEXT } from './frame-reader.ts';

/** Where and as whom a client connects. */
export interface Destination {
  readonly hostname: string;
  readonly port: number;
  /** With the query. */
  readonly path: string;
  /** The address that the client says it has. */
  readonly from: string;
}

/** How a connection ended, by the server's close frame; 1006 without one. */
export interface Ending {
  readonly code: number;
  readonly isByServer: boolean;
}

const KEY = 'dGhlIHNhbXBsZSBub25jZQ==';
const HEAD_END = '\r\n\r\n';
/** In milliseconds, as long as the machine may be busy with something else. */
export const ANSWER_WITHIN = 60_000;
const NO_CLOSE_FRAME = 1006;
const NO_STATUS = 1005;

/** A WebSocket client on a bare TCP socket, which may misbehave in every way that TCP allows. */
export class Wire {
  /** Of the answer to the upgrade; 0 where there was none. */
  status = 0;
  readonly ended: Promise<Ending>;
  readonly #answered = Promise.withResolvers<void>();
  readonly #ended = Promise.withResolvers<Ending>();
  readonly #reader = new FrameReader();
  readonly #request: string;
  #socket: Socket<Wire> | null = null;
  #head = '';
  #unwritten: Buffer[] = [];
  #listener: ((text: string) => void) | null = null;
  /** What came before somebody listened. */
  #early: string[] = [];
  #ending: Ending | null = null;

  private constructor(request: string) {
    this.#request = request;
    this.ended = this.#ended.promise;
  }

  /** Connects and waits for the answer, whatever it is; the status is 0 where none comes in time. */
  static async open(destination: Destination): Promise<Wire> {
    const wire = await Wire.begin(destination);
    const timer = setTimeout(() => wire.destroy(), ANSWER_WITHIN);
    await wire.#answered.promise;
    clearTimeout(timer);
    return wire;
  }

  /** Connects and writes so much of the request, by default all of it; waits for no answer. */
  static async begin(destination: Destination, share = 1): Promise<Wire> {
    const request = requestOf(destination);
    const wire = new Wire(request.slice(0, Math.ceil(request.length * share)));
    const { hostname, port } = destination;
    await Bun.connect({ hostname, port, socket: HANDLERS, data: wire });
    return wire;
  }

  get isOpen(): boolean {
    return this.status === 101 && this.#ending === null;
  }

  /** Takes what the server sends from here on, and what it has sent already. */
  listen(listener: (text: string) => void): void {
    this.#listener = listener;
    for (const text of this.#early.splice(0)) listener(text);
  }

  sendText(text: string): void {
    this.write(frame({ opcode: TEXT, payload: text }));
  }

  /** Writes bytes, right or wrong. */
  write(bytes: Buffer): void {
    if (this.#ending !== null || this.#socket === null) return;
    const written = this.#unwritten.length === 0 ? Math.max(this.#socket.write(bytes), 0) : 0;
    if (written < bytes.length) this.#unwritten.push(bytes.subarray(written));
  }

  /** Closes in order; the server is to do so too. */
  close(): void {
    this.#ending ??= { code: NO_CLOSE_FRAME, isByServer: false };
    this.#socket?.write(frame({ opcode: CLOSE, payload: Buffer.from([0x03, 0xe8]) }));
  }

  /** Drops the TCP connection. */
  destroy(): void {
    this.#ending ??= { code: NO_CLOSE_FRAME, isByServer: false };
    this.#socket?.terminate();
    this.closed();
  }

  pause(): void {
    this.#socket?.pause();
  }

  resume(): void {
    this.#socket?.resume();
  }

  /** @internal */
  connected(socket: Socket<Wire>): void {
    this.#socket = socket;
    socket.write(this.#request);
  }

  /** @internal */
  received(bytes: Buffer): void {
    if (this.status !== 0) return this.#read(bytes);
    this.#head += bytes.toString('latin1');
    const end = this.#head.indexOf(HEAD_END);
    if (end === -1) return;
    this.status = Number(this.#head.split(' ')[1]);
    const rest = this.#head.slice(end + HEAD_END.length);
    this.#head = '';
    this.#answered.resolve();
    if (rest !== '') this.#read(Buffer.from(rest, 'latin1'));
  }

  /** @internal */
  drained(): void {
    for (const bytes of this.#unwritten.splice(0)) this.write(bytes);
  }

  /** @internal */
  closed(): void {
    this.#ending ??= { code: NO_CLOSE_FRAME, isByServer: true };
    this.#answered.resolve();
    this.#ended.resolve(this.#ending);
  }

  #read(bytes: Buffer): void {
    if (this.status === 101) this.#reader.read(bytes, (opcode, payload) => this.#take(opcode, payload));
  }

  #take(opcode: number, payload: Buffer): void {
    if (opcode === TEXT) this.#hear(payload.toString());
    else if (opcode === PING) this.write(frame({ opcode: PONG, payload }));
    else if (opcode === CLOSE) {
      const code = payload.length < 2 ? NO_STATUS : payload.readUInt16BE(0);
      if (this.#ending === null)
        this.#socket?.write(frame({ opcode: CLOSE, payload: payload.subarray(0, 2) }));
      this.#ending ??= { code, isByServer: true };
      this.#socket?.end();
    }
  }

  #hear(text: string): void {
    if (this.#listener === null) this.#early.push(text);
    else this.#listener(text);
  }
}

function requestOf({ port, path, from }: Destination): string {
  return (
    `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
    `Sec-WebSocket-Key: ${KEY}\r\nSec-WebSocket-Version: 13\r\nX-Forwarded-For: ${from}${HEAD_END}`
  );
}

const HANDLERS = {
  open: (socket: Socket<Wire>) => socket.data.connected(socket),
  data: (socket: Socket<Wire>, bytes: Buffer) => socket.data.received(bytes),
  drain: (socket: Socket<Wire>) => socket.data.drained(),
  close: (socket: Socket<Wire>) => socket.data.closed(),
  error: (socket: Socket<Wire>) => socket.data.closed(),
};
