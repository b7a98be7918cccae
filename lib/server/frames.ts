import type { Connection } from '../connection/connection.ts';
import {
  encodeData,
  encodeEvent,
  encodeReply,
  encodeValue,
  isBytes,
  type Payload,
} from '../connection/encoding.ts';
import { EventReply } from '../connection/event-reply.ts';
import { keepWritten, type WireError, writtenBefore } from '../errors.ts';
import type { FailingHook } from '../routing/route.ts';
import type { Envelope } from './envelope.ts';
import { withoutIssues } from './refusal.ts';

/** A whole message as Bun hands it over. */
export type Frame = string | Uint8Array<ArrayBuffer>;

/** The hook whose answer is sent, and the message it answers, if any. */
export interface Origin {
  readonly hook: FailingHook;
  readonly envelope: Envelope | null;
}

/** What a client is told of a message beyond `maxDepth`, `maxNodes` or `maxKeys`. */
export const TOO_LARGE = 'The message is nested too deeply, or holds too many values';

/** What is said of every value that failed its check. */
export const VALIDATION_FAILED = { code: 'validation_failed', message: 'Validation failed' } as const;

/** The event under which an error is told where there is no id to answer. */
const EXCEPTION = 'exception';

/** The frame for what a hook returned: bare on a plain route, a reply by id or an event on an events route. */
export function resultFrame(connection: Connection, { hook, envelope }: Origin, value: unknown): Payload {
  if (connection.route.kind === 'plain') return plainFrame(connection, value);
  return eventsFrame(envelope?.id, envelope?.event ?? hook.hook, value);
}

/** The frame for what `@OnError` returned. */
export function answeredErrorFrame(
  connection: Connection,
  envelope: Envelope | null,
  value: unknown,
): Payload {
  if (connection.route.kind === 'plain') return plainFrame(connection, value);
  return eventsFrame(envelope?.id, EXCEPTION, value);
}

function eventsFrame(id: Envelope['id'], event: string, value: unknown): Payload {
  if (isBytes(value)) throw new TypeError('cannot return bytes on an events route, whose frames are JSON');
  const reply = value instanceof EventReply ? value : { event, data: value };
  return id === undefined ? encodeEvent(reply.event, reply.data) : encodeReply(id, reply.data);
}

/** A plain route's frames have no envelope, unless it takes no messages at all. */
function plainFrame({ route }: Connection, value: unknown): Payload {
  if (!(value instanceof EventReply)) return encodeValue(value);
  if (route.canEmit) return encodeEvent(value.event, value.data);
  throw new TypeError(`event() has no place on a plain route: return the value itself`);
}

/** One item of a stream that answers a message with an id. */
export function nextFrame(id: string | number, item: unknown): string {
  const value = item instanceof EventReply ? item.data : item;
  return `{"id":${JSON.stringify(id)},"next":${encodeData(value)}}`;
}

/** The end of a stream that answers a message with an id. */
export function doneFrame(id: string | number): string {
  return `{"id":${JSON.stringify(id)},"done":true}`;
}

/** The default error frame (`docs/errors.md`): a reply by id, the event `exception`, or bare on a plain route. */
export function errorFrame(connection: Connection, envelope: Envelope | null, error: WireError): string {
  try {
    const issues = envelope?.id === undefined && isFailedCheck(error) ? error.issues : undefined;
    if (issues === undefined) return encodeError(connection, envelope, error);
    const { kind } = connection.route;
    const known = writtenBefore(issues, kind);
    if (known !== undefined) return known;
    const text = encodeError(connection, envelope, error);
    keepWritten(issues, kind, text);
    return text;
  } catch {
    // The issues of a user's own exception may be anything, also what JSON cannot hold.
    return encodeError(connection, envelope, withoutIssues(error));
  }
}

/** Any client can cause a failed check at will, so its frame is not put together each time. */
function isFailedCheck({ code, message }: WireError): boolean {
  return code === VALIDATION_FAILED.code && message === VALIDATION_FAILED.message;
}

function encodeError(connection: Connection, envelope: Envelope | null, error: WireError): string {
  if (connection.route.kind === 'plain') return JSON.stringify({ error });
  if (envelope?.id !== undefined) return JSON.stringify({ id: envelope.id, error });
  return JSON.stringify({ event: EXCEPTION, data: { status: 'error', ...error } });
}
