import { isShallow, isSurelyWhole } from './json-bounds.ts';

/** Levels beyond which no value is sent: `JSON.stringify` takes 12 s for 40 000 of them (measured on Bun 1.4.5). */
const MOST_DEPTH = 512;

/** What can be put on the wire: text, or the bytes of one binary frame. */
export type Payload = string | ArrayBuffer | ArrayBufferView<ArrayBufferLike> | Blob;

/** Whether a value is sent as one binary frame rather than as JSON. */
export function isBytes(value: unknown): value is Exclude<Payload, string> {
  return ArrayBuffer.isView(value) || value instanceof ArrayBuffer || value instanceof Blob;
}

/** The bytes of a frame, near enough for limits: text counts a byte a character. */
export function sizeOf(frame: Payload): number {
  if (typeof frame === 'string') return frame.length;
  return frame instanceof Blob ? frame.size : frame.byteLength;
}

/**
 * The frame for a value on a plain route: text as it is, bytes as they are, anything else as JSON.
 *
 * @throws TypeError for what JSON cannot hold: `undefined`, functions, symbols, BigInt, cycles, more than 512
 * levels, and objects that would silently become `{}` (a `Map`, a `Response`, an `Error`, a promise).
 */
export function encodeValue(value: unknown): Payload {
  if (typeof value === 'string' || isBytes(value)) return value;
  return encodeJson(value);
}

/** The text frame of a message on an events route. */
export function encodeEvent(event: string, data: unknown): string {
  return `{"event":${JSON.stringify(event)},"data":${encodeData(data)}}`;
}

/** The text frame that answers the message with this id. */
export function encodeReply(id: string | number, data: unknown): string {
  return `{"id":${JSON.stringify(id)},"data":${encodeData(data)}}`;
}

/** The JSON of an envelope's `data`: nothing becomes `null`. */
export function encodeData(data: unknown): string {
  return data === undefined ? 'null' : encodeJson(data);
}

/** `JSON.stringify`, but an error where nothing, or nothing but `{}`, would be left of a value. */
function encodeJson(value: unknown): string {
  if (typeof value === 'object' && value !== null && !isSurelyWhole(value, MOST_DEPTH)) refuseUnfit(value);
  const text = JSON.stringify(value);
  if (text === undefined) throw new TypeError(`cannot serialise ${nameOf(value)}`);
  return text;
}

function refuseUnfit(value: object): void {
  if (hasToJson(value)) return;
  if (!isShallow(value, MOST_DEPTH)) {
    throw new TypeError(
      `cannot serialise ${nameOf(value)}: it has a cycle, or more than ${MOST_DEPTH} levels`,
    );
  }
  refuseHollow(value);
}

/** Finds an object of which JSON would hold nothing, though it is not a plain empty object. */
function refuseHollow(value: unknown): void {
  if (typeof value !== 'object' || value === null || hasToJson(value)) return;
  if (isHollow(value))
    throw new TypeError(`cannot serialise ${nameOf(value)}: its JSON would lose its content`);
  for (const item of Object.values(value)) refuseHollow(item);
}

function hasToJson(value: object): boolean {
  return typeof (value as { toJSON?: unknown }).toJSON === 'function';
}

function isHollow(value: object): boolean {
  if (isBytes(value)) return true;
  if (Object.keys(value).length > 0) return false;
  return (
    value instanceof Error ||
    (Object.prototype.toString.call(value) !== '[object Object]' && !Array.isArray(value))
  );
}

function nameOf(value: unknown): string {
  if (typeof value === 'object' && value !== null) return `a ${value.constructor?.name ?? 'object'}`;
  return typeof value === 'undefined' ? 'undefined' : `a ${typeof value}`;
}
