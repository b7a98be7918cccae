/** The opcodes of RFC 6455 §5.2 that a server sends. */
export const TEXT = 1;
export const CLOSE = 8;
export const PING = 9;
export const PONG = 10;

const NOTHING = Buffer.alloc(0);

/** Takes frames out of the bytes that come in; a server's are whole and unmasked. */
export class FrameReader {
  #rest: Buffer = NOTHING;

  read(bytes: Buffer, take: (opcode: number, payload: Buffer) => void): void {
    const all = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    let at = 0;
    for (;;) {
      const header = headerAt(all, at);
      if (header === null || header.end > all.length) break;
      take((all[at] as number) & 0x0f, all.subarray(header.start, header.end));
      at = header.end;
    }
    // The bytes are only good during the call.
    this.#rest = at === all.length ? NOTHING : Buffer.from(all.subarray(at));
  }
}

function headerAt(bytes: Buffer, at: number): { readonly start: number; readonly end: number } | null {
  const left = bytes.length - at;
  if (left < 2) return null;
  const short = (bytes[at + 1] as number) & 0x7f;
  const start = at + (short === 127 ? 10 : short === 126 ? 4 : 2);
  if (bytes.length < start) return null;
  const length =
    short === 127 ? bytes.readUIntBE(at + 4, 6) : short === 126 ? bytes.readUInt16BE(at + 2) : short;
  return { start, end: start + length };
}
