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
  /** The three reserved bits as a number: 4 is RSV1, which compression uses. */
  readonly reserved?: number;
  /** The length to declare, if not the payload's own. */
  readonly length?: number;
}

/** Encodes a frame; the masking key is 0, so the payload stays readable. */
export function frame({
  opcode,
  payload = '',
  isFinal = true,
  isMasked = true,
  ...rest
}: FrameParts): Buffer {
  const bytes = bytesOf(payload);
  const { reserved = 0, length = bytes.length } = rest;
  const first = (isFinal ? 0x80 : 0) | (reserved << 4) | opcode;
  const mask = isMasked ? 0x80 : 0;
  const header = [first, mask | length];
  if (length > 65_535) header.splice(1, 1, mask | 127, ...bigEndian(length, 8));
  else if (length > 125) header.splice(1, 1, mask | 126, ...bigEndian(length, 2));
  return Buffer.concat([Buffer.from(header), isMasked ? Buffer.alloc(4) : Buffer.alloc(0), bytes]);
}

/** The payload of a close frame. */
export function closePayload(code: number, reason: string | Uint8Array = ''): Uint8Array {
  return Buffer.concat([Buffer.from(bigEndian(code, 2)), bytesOf(reason)]);
}

/** A client that writes raw frames and reads nothing but the close. */
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
