import { isWithin, type JsonBounds } from '../connection/json-bounds.ts';
import { MAX_EVENT_LENGTH } from '../routing/event-name.ts';

/** A text frame of an events route, as the client sent it. */
export interface Envelope {
  readonly event: string;
  readonly data: unknown;
  readonly id: string | number | undefined;
  /** Whatever a client sent as the span that its message is part of (W3C Trace Context). */
  readonly traceparent?: unknown;
  readonly tracestate?: unknown;
}

/** A frame without an event: the reply to a request of ours, or the end of a stream. */
export interface Signal {
  readonly event?: undefined;
  readonly id: string | number;
  readonly data?: unknown;
  readonly error?: unknown;
  readonly cancel?: unknown;
}

/** A frame that is no envelope; by its id, where it has a proper one, it can be answered all the same. */
export class BadFrame {
  readonly isBad = true;

  constructor(
    readonly id: string | number | undefined = undefined,
    readonly code: 'bad_frame' | 'too_large' = 'bad_frame',
  ) {}
}

const MAX_ID_LENGTH = 64;

/** Characters that do no harm however deep they nest, and no measure is needed for. */
const SHORT = 10_000;

/** Reads a frame; binary ones are for the user's own parser. */
export function readFrame(frame: string | Uint8Array, bounds: JsonBounds): Envelope | Signal | BadFrame {
  if (typeof frame !== 'string') return new BadFrame();
  try {
    const read = toEnvelope(JSON.parse(frame));
    if (read instanceof BadFrame || !isOversized(frame, read.data, bounds)) return read;
    return new BadFrame(read.id, 'too_large');
  } catch {
    return new BadFrame();
  }
}

/**
 * Whether decoded JSON is too deep or holds too many values for any handler. Only a text of some length can: what
 * shorter ones hold is looked at where nothing but that bounds what a handler reads.
 */
export function isOversized(text: string, value: unknown, { depth, nodes }: JsonBounds): boolean {
  // A value takes two characters at least.
  if (text.length <= Math.min(nodes, SHORT)) return false;
  return !isWithin(value, { depth, nodes, keys: Number.POSITIVE_INFINITY });
}

/** Takes what a user's own parser gave: its fields are read once, because they may be getters that throw. */
export function toParsedEnvelope(value: unknown): Envelope | Signal | BadFrame {
  if (typeof value !== 'object' || value === null) return new BadFrame();
  const { event, data, id, error, cancel, traceparent, tracestate } = value as Partial<Envelope & Signal>;
  const fields = { event, data, id, error, cancel, traceparent, tracestate };
  return toEnvelope(Object.fromEntries(Object.entries(fields).filter(([, field]) => field !== undefined)));
}

/** Takes a decoded value for the envelope it is, without copying it. */
function toEnvelope(value: unknown): Envelope | Signal | BadFrame {
  if (typeof value !== 'object' || value === null) return new BadFrame();
  const { event, id } = value as Partial<Envelope>;
  if (id !== undefined && !isId(id)) return new BadFrame();
  if (event === undefined) return isSignal(value, id) ? (value as Signal) : new BadFrame(id);
  if (typeof event !== 'string' || event === '' || event.length > MAX_EVENT_LENGTH) return new BadFrame(id);
  return value as Envelope;
}

function isId(id: unknown): id is string | number {
  if (typeof id === 'string') return id.length <= MAX_ID_LENGTH;
  return Number.isSafeInteger(id);
}

function isSignal(value: object, id: unknown): boolean {
  return id !== undefined && ('data' in value || 'error' in value || 'cancel' in value);
}
