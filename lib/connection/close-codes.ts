/** The close codes Gatewire itself sends (RFC 6455 §7.4.1, and its own of 4000–4999). */
export const CloseCodes = {
  normal: 1000,
  goingAway: 1001,
  policy: 1008,
  tooBig: 1009,
  internal: 1011,
  restart: 1012,
  overloaded: 1013,
  slowConsumer: 4008,
  badFrames: 4400,
  unauthenticated: 4401,
  forbidden: 4403,
  deadline: 4408,
  duplicateId: 4409,
  rateLimited: 4429,
} as const;

const MAX_REASON_BYTES = 123;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/**
 * Throws for a close code that must not go on the wire; Bun would send any number.
 *
 * @throws RangeError for a code outside 1000–1003, 1007–1014 and 3000–4999 (RFC 6455 §7.4).
 */
export function assertCloseCode(code: number): void {
  if (Number.isInteger(code) && isSendable(code)) return;
  throw new RangeError(
    `close code ${String(code)} must not be sent: use 1000–1003, 1007–1014 or 3000–4999 (4008 and 4400–4499 are Gatewire's)`,
  );
}

function isSendable(code: number): boolean {
  return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code <= 4999);
}

/** Cuts a close reason to the 123 bytes a close frame can hold, between two characters (RFC 6455 §5.5). */
export function cutReason(reason: string): string {
  if (typeof reason !== 'string') throw new TypeError(`a close reason is a string (got ${typeof reason})`);
  if (reason.length * 3 <= MAX_REASON_BYTES) return reason;
  const bytes = encoder.encode(reason);
  if (bytes.length <= MAX_REASON_BYTES) return reason;
  let end = MAX_REASON_BYTES;
  while (((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
  return decoder.decode(bytes.subarray(0, end));
}

/** The reasons of Bun 1.4.5 for which it sends a code other than 1002. */
const VIOLATIONS: ReadonlyMap<string, number> = new Map([
  ['Received too big message', 1009],
  ['Received invalid UTF-8', 1007],
  ['Received invalid compressed data', 1007],
]);

/**
 * The close code as it went over the wire.
 *
 * Bun tells a close handler 1006 for whatever it closed itself; only its reason text says which of
 * 1002, 1007 and 1009 the client was sent.
 */
export function wireCloseCode(code: number, reason: string): number {
  if (code !== 1006 || !reason.startsWith('Received ')) return code;
  return VIOLATIONS.get(reason) ?? 1002;
}
