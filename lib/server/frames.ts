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
import type { WireError } from '../errors.ts';
import type { ConnectionHook } from '../routing/route.ts';
import type { Envelope } from './envelope.ts';

/** The hook whose answer is sent, and the message it answers, if any. */
export interface Origin {
  readonly hook: Pick<ConnectionHook, 'hook' | 'where'>;
  readonly envelope: Envelope | null;
}

/** The frame for what a hook returned: bare on a plain route, a reply by id or an event on an events route. */
export function resultFrame(connection: Connection, { hook, envelope }: Origin, value: unknown): Payload {
  if (connection.route.kind === 'plain') return encodeValue(value);
  if (isBytes(value)) throw new TypeError('cannot return bytes on an events route, whose frames are JSON');
  const { event, data } =
    value instanceof EventReply ? value : { event: envelope?.event ?? hook.hook, data: value };
  return envelope?.id === undefined ? encodeEvent(event, data) : encodeReply(envelope.id, data);
}

/** One item of a stream that answers a message with an id. */
export function nextFrame(id: string | number, value: unknown): string {
  return `{"id":${JSON.stringify(id)},"next":${encodeData(value)}}`;
}

/** The end of a stream that answers a message with an id. */
export function doneFrame(id: string | number): string {
  return `{"id":${JSON.stringify(id)},"done":true}`;
}

/** The default error frame (`docs/errors.md`): a reply by id, the event `exception`, or bare on a plain route. */
export function errorFrame(connection: Connection, envelope: Envelope | null, error: WireError): string {
  if (connection.route.kind === 'plain') return JSON.stringify({ error });
  if (envelope?.id !== undefined) return JSON.stringify({ id: envelope.id, error });
  return JSON.stringify({ event: 'exception', data: { status: 'error', ...error } });
}
