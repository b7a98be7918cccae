import type { Socket } from 'bun';

export interface Address {
  readonly port: number;
  readonly path: string;
}

/** Who reads a connection after its handshake. */
export interface Reader {
  /** Takes what came in; the bytes are only good during the call. */
  readonly bytes: (bytes: Buffer) => void;
  /** The server ended the connection. */
  readonly ended: () => void;
}

const KEY = 'dGhlIHNhbXBsZSBub25jZQ==';
const ACCEPT = /^sec-websocket-accept: *s3pPLMBiTxaQ9kYGzzhZRbK\+xOo= *\r$/im;
const HEAD_END = '\r\n\r\n';

/**
 * A WebSocket client on a bare TCP socket: it writes bytes that were made beforehand and hands on the bytes that
 * come, so that it costs little beside the server that is measured.
 */
export class Client {
  readonly #opened = Promise.withResolvers<void>();
  readonly #address: Address;
  #socket: Socket<Client> | null = null;
  #head: Buffer | null = Buffer.alloc(0);
  #unwritten: Buffer | null = null;
  #reader: Reader;

  private constructor(address: Address, reader: Reader) {
    this.#address = address;
    this.#reader = reader;
  }

  /** Connects and checks the 101. */
  static async open(address: Address, reader: Reader): Promise<Client> {
    const client = new Client(address, reader);
    await Bun.connect({ hostname: '127.0.0.1', port: address.port, socket: HANDLERS, data: client });
    await client.#opened.promise;
    return client;
  }

  write(bytes: Buffer): void {
    const socket = this.#socket as Socket<Client>;
    const written = this.#unwritten === null ? socket.write(bytes) : 0;
    if (written === bytes.length) return;
    this.#unwritten = Buffer.concat([
      this.#unwritten ?? Buffer.alloc(0),
      bytes.subarray(Math.max(written, 0)),
    ]);
  }

  /** Ends the TCP connection, flushed. */
  end(): void {
    this.#socket?.end();
  }

  /** Drops the TCP connection. */
  terminate(): void {
    this.#reader = SILENT;
    this.#socket?.terminate();
  }

  /** @internal */
  connected(socket: Socket<Client>): void {
    this.#socket = socket;
    const { port, path } = this.#address;
    socket.write(
      `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
        `Sec-WebSocket-Key: ${KEY}\r\nSec-WebSocket-Version: 13\r\n\r\n`,
    );
  }

  /** @internal */
  received(bytes: Buffer): void {
    if (this.#head === null) return this.#reader.bytes(bytes);
    this.#head = Buffer.concat([this.#head, bytes]);
    const end = this.#head.indexOf(HEAD_END);
    if (end === -1) return;
    const head = this.#head.toString('latin1', 0, end + 2);
    const rest = this.#head.subarray(end + HEAD_END.length);
    this.#head = null;
    if (!head.startsWith('HTTP/1.1 101 ') || !ACCEPT.test(head)) {
      return this.#opened.reject(new Error(`no 101 for ${this.#address.path} but ${head.split('\r\n')[0]}`));
    }
    this.#opened.resolve();
    if (rest.length > 0) this.#reader.bytes(rest);
  }

  /** @internal */
  drained(socket: Socket<Client>): void {
    const bytes = this.#unwritten;
    this.#unwritten = null;
    if (bytes !== null && socket === this.#socket) this.write(bytes);
  }

  /** @internal */
  closed(error?: Error): void {
    this.#opened.reject(error ?? new Error(`the server hung up on ${this.#address.path}`));
    this.#reader.ended();
  }
}

const SILENT: Reader = { bytes() {}, ended() {} };

const HANDLERS = {
  open: (socket: Socket<Client>) => socket.data.connected(socket),
  data: (socket: Socket<Client>, bytes: Buffer) => socket.data.received(bytes),
  drain: (socket: Socket<Client>) => socket.data.drained(socket),
  close: (socket: Socket<Client>, error?: Error) => socket.data.closed(error),
  error: (socket: Socket<Client>, error: Error) => socket.data.closed(error),
};
