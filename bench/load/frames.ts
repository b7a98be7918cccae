const TEXT = 0x81;
const CLOSE = 0x88;
const MASKED = 0x80;
const LONGEST_SHORT = 125;

/** A masked text frame, as a client sends it (RFC 6455 §5.3); the mask is a fixed one, its cost is the same. */
export function clientText(text: string): Buffer {
  return clientFrame(TEXT, Buffer.from(text));
}

/** A close frame with 1000. */
export const clientClose = clientFrame(CLOSE, Buffer.from([0x03, 0xe8]));

/** The bytes of a text frame as a server sends it: unmasked, so there is only one way to write it. */
export function serverText(text: string): Buffer {
  const payload = Buffer.from(text);
  return Buffer.concat([header(TEXT, payload.length, 0), payload]);
}

/** The first whole frame of the bytes: its text and where it ends; `undefined` while it is incomplete. */
export function readFrame(bytes: Buffer): { readonly opcode: number; readonly text: string } | undefined {
  if (bytes.length < 2) return undefined;
  const short = (bytes[1] as number) & 0x7f;
  const start = short <= LONGEST_SHORT ? 2 : 4;
  if (bytes.length < start) return undefined;
  const length = short <= LONGEST_SHORT ? short : bytes.readUInt16BE(2);
  if (bytes.length < start + length) return undefined;
  return { opcode: (bytes[0] as number) & 0x0f, text: bytes.toString('utf8', start, start + length) };
}

function clientFrame(opcode: number, payload: Buffer): Buffer {
  const mask = Buffer.from([0x37, 0xfa, 0x21, 0x3d]);
  const masked = payload.map((byte, at) => byte ^ (mask[at % 4] as number));
  return Buffer.concat([header(opcode, payload.length, MASKED), mask, masked]);
}

function header(opcode: number, length: number, masked: number): Buffer {
  if (length <= LONGEST_SHORT) return Buffer.from([opcode, masked | length]);
  return Buffer.from([opcode, masked | 126, length >> 8, length & 0xff]);
}
