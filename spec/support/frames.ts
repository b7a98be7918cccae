import { connect, type Socket } from 'node:net';
import type { Closed } from './client.ts';
import { withDeadline } from './deadline.ts';
import { openRaw } from './raw.ts';

export const OPCODES = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

/** One frame of a client (RFC 6455 §5.2), as right or wrong as asked for. */
export interface FrameParts {
  readonly opcode: number;
  readonly payload?: string | Uint8Array;
  readonly isFinal?: boolean;
  readonly isMasked?: boolean;
  /** The masking key's four bytes; by default 0, so that the payload stays readable. */
  readonly mask?: readonly number[];
  /** The three reserved bits as a number: 4 is RSV1, which compression uses. */
  readonly reserved?: number;
  /** The length to declare, if not the payload's own. */
  readonly length?: number;
  /** In how many bytes it is declared after the first seven bits, if not in as few as it takes. */
  readonly lengthBytes?: 0 | 2 | 8;
}

/** Encodes a frame. */
export function frame({
  opcode,
  payload = '',
  isFinal = true,
  isMasked = true,
  mask = [0, 0, 0, 0],
  ...rest
}: FrameParts): Buffer {
  const bytes = bytesOf(payload);
  const { reserved = 0, length = bytes.length, lengthBytes = lengthBytesOf(length) } = rest;
  const first = (isFinal ? 0x80 : 0) | (reserved << 4) | opcode;
  const marker = { 0: length, 2: 126, 8: 127 }[lengthBytes];
  const header = [first, (isMasked ? 0x80 : 0) | marker, ...bigEndian(length, lengthBytes)];
  if (!isMasked) return Buffer.concat([Buffer.from(header), bytes]);
  const masked = bytes.map((byte, at) => byte ^ (mask[at % 4] ?? 0));
  return Buffer.concat([Buffer.from([...header, ...mask]), masked]);
}

function lengthBytesOf(length: number): 0 | 2 | 8 {
  if (length > 65_535) return 8;
  return length > 125 ? 2 : 0;
}

/** The payload of a close frame. */
export function closePayload(code: number, reason: string | Uint8Array = ''): Uint8Array {
  return Buffer.concat([Buffer.from(bigEndian(code, 2)), bytesOf(reason)]);
}

/** A frame of the server, unmasked and whole. */
export interface ReceivedFrame {
  /** Its first byte: FIN, the reserved bits and the opcode. */
  readonly first: number;
  readonly payload: Buffer;
}

/** Takes apart what a server sent; the last frame is left out while it is not complete. */
export function readFrames(bytes: Buffer): ReceivedFrame[] {
  const frames: ReceivedFrame[] = [];
  for (let at = 0; at + 2 <= bytes.length; ) {
    const marker = bytes.readUInt8(at + 1);
    const lengthBytes = marker === 127 ? 8 : marker === 126 ? 2 : 0;
    const begin = at + 2 + lengthBytes;
    if (begin > bytes.length) break;
    // A UIntBE has at most six bytes, which is more than any frame here.
    const length =
      lengthBytes === 0
        ? marker
        : bytes.readUIntBE(begin - Math.min(lengthBytes, 6), Math.min(lengthBytes, 6));
    if (begin + length > bytes.length) break;
    frames.push({ first: bytes.readUInt8(at), payload: bytes.subarray(begin, begin + length) });
    at = begin + length;
  }
  return frames;
}

/** A client that writes raw frames and reads raw frames. */
export class RawClient implements AsyncDisposable {
  readonly socket: Socket;
  /** The headers of the 101. */
  readonly headers: Record<string, string>;
  #received: Buffer = Buffer.alloc(0);

  private constructor(socket: Socket, headers: Record<string, string>) {
    this.socket = socket;
    this.headers = headers;
    socket.on('data', (chunk: Buffer) => {
      this.#received = Buffer.concat([this.#received, chunk]);
    });
    socket.on('error', () => {});
  }

  static async connect(url: string, headers: Record<string, string> = {}): Promise<RawClient> {
    const { socket, response } = await openRaw(url, { headers });
    if (response.status !== 101) throw new Error(`${url} was refused with ${response.status}`);
    return new RawClient(socket, response.headers);
  }

  write(...frames: Buffer[]): void {
    this.socket.write(Buffer.concat(frames));
  }

  /** The frames that arrived so far. */
  get frames(): readonly ReceivedFrame[] {
    return readFrames(this.#received);
  }

  /** Whether the server has hung up. */
  get isEnded(): boolean {
    return this.socket.readableEnded || this.socket.destroyed;
  }

  /** The server's close frame, its first frame of all; 1006 where it hangs up without one. */
  async closed(): Promise<Closed> {
    const ended = Promise.withResolvers<void>();
    this.socket.once('close', () => ended.resolve());
    this.socket.once('end', () => this.socket.end());
    if (this.socket.destroyed) ended.resolve();
    await withDeadline(ended.promise, 3000, 'the server did not hang up');
    const [first = 0, length = 0] = this.#received;
    if ((first & 0x0f) !== OPCODES.close) return { code: 1006, reason: '' };
    if (length === 0) return { code: 1005, reason: '' };
    const payload = this.#received.subarray(2, 2 + length);
    return { code: payload.readUInt16BE(0), reason: payload.subarray(2).toString() };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.socket.destroy();
  }
}

/** Upgrades and then reads nothing any more, as a client that is too slow. */
export async function connectUnreading(url: string): Promise<Socket> {
  const { hostname, port, host, pathname } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => {});
  await new Promise(resolve => socket.once('connect', resolve));
  socket.pause();
  socket.write(
    `GET ${pathname} HTTP/1.1\r\nHost: ${host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
  );
  return socket;
}

function bigEndian(value: number, bytes: number): number[] {
  return Array.from({ length: bytes }, (_, at) => Math.floor(value / 256 ** (bytes - 1 - at)) % 256);
}

function bytesOf(value: string | Uint8Array): Buffer {
  return typeof value === 'string' ? Buffer.from(value) : Buffer.from(value);
}
