import type { Connection } from '../connection/connection.ts';
import type { WireError } from '../errors.ts';
import type { ConnectionHook, MessageHandler } from '../routing/route.ts';
import { claimId, isInFlight, takeSignal } from './correlation.ts';
import { dispatch } from './dispatcher.ts';
import { BadFrame, type Envelope, isOversized, readFrame, toParsedEnvelope } from './envelope.ts';
import { refuse, refuseUnread } from './error-boundary.ts';
import { type Frame, TOO_LARGE } from './frames.ts';
import { routeOf, type ServedRoute } from './host.ts';
import { parseMessage } from './parse-message.ts';
import { admit, askLimiter } from './rate-limit.ts';

const NO_ENVELOPE = 'The frame is not an envelope {"event": …, "data": …}';

/** What waits in a mailbox: a frame as it came, or what was read from it; a bad one is answered in its turn. */
export type Message = Frame | Envelope | BadFrame;

/** Finds the handler of a message and dispatches it; the promise never rejects. */
export function handleMessage(connection: Connection, message: Message): void | Promise<void> {
  const route = routeOf(connection);
  return route.limiter === null
    ? handle(connection, route, message)
    : handleLimited(connection, route, message);
}

function handleLimited(connection: Connection, route: ServedRoute, message: Message): void | Promise<void> {
  const { limiter } = route;
  if (limiter === null) return handle(connection, route, message);
  const envelope = typeof message === 'object' && 'event' in message ? message : null;
  return askLimiter(connection, { limiter, envelope }, () => handle(connection, route, message));
}

function handle(connection: Connection, route: ServedRoute, message: Message): void | Promise<void> {
  if (typeof message === 'object') {
    if (message instanceof BadFrame) return refuseEnvelope(connection, message);
    if ('event' in message) return handleEnvelope(connection, route, message);
  }
  if (route.parseMessage !== null) return parseAndHandle(connection, route.parseMessage, message);
  return handleFrame(connection, route, message);
}

function handleFrame(connection: Connection, route: ServedRoute, frame: Frame): void | Promise<void> {
  const isText = typeof frame === 'string';
  const handler = isText ? route.text : route.binary;
  if (handler === null) return refuseFrame(connection, null, kindOf(route));
  if (handler.decode !== 'json') return dispatch(connection, handler, null, frame);
  let value: unknown;
  try {
    value = JSON.parse(frame as string);
  } catch {
    return refuseFrame(connection, handler, 'JSON');
  }
  if (isOversized(frame as string, value, route.bounds)) return refuseOversized(connection, handler);
  return dispatch(connection, handler, null, value);
}

function handleEnvelope(
  connection: Connection,
  route: ServedRoute,
  envelope: Envelope,
): void | Promise<void> {
  const handler = route.events?.get(envelope.event) ?? route.fallback;
  if (handler !== null) return dispatch(connection, handler, envelope, envelope.data);
  const message = `No handler for the event ${JSON.stringify(envelope.event.slice(0, 64))}`;
  return refuse(connection, { hook: route.unhandled, envelope }, { code: 'unknown_event', message });
}

/** Handles a frame that the user's `@ParseMessage` reads, or leaves to Gatewire. */
function parseAndHandle(
  connection: Connection,
  hooks: readonly ConnectionHook[],
  frame: Frame,
): void | Promise<void> {
  const route = routeOf(connection);
  if (route.kind === 'events') {
    return parseMessage(connection, { hooks, read: toParsedEnvelope }, frame, parsed =>
      handleParsedEnvelope(connection, route, parsed ?? readFrame(frame, route.bounds)),
    );
  }
  return parseMessage(connection, { hooks, read: value => ({ value }) }, frame, parsed => {
    if (parsed === undefined) return handleFrame(connection, route, frame);
    const [preferred, other] =
      typeof frame === 'string' ? [route.text, route.binary] : [route.binary, route.text];
    const handler = preferred ?? other;
    if (handler === null) return refuseFrame(connection, null, kindOf(route));
    return dispatch(connection, handler, null, parsed.value);
  });
}

function handleParsedEnvelope(
  connection: Connection,
  route: ServedRoute,
  message: ReturnType<typeof toParsedEnvelope>,
): void | Promise<void> {
  if (message instanceof BadFrame) return refuseEnvelope(connection, message);
  if (message.event === undefined) {
    takeSignal(connection, message);
    return;
  }
  const handler = route.events?.get(message.event) ?? route.fallback;
  // The route's own limit counted the frame before anybody could know its event.
  if (handler !== null && handler.limit !== null && !admit(connection, route, handler, message)) return;
  if (claimId(connection, message)) return handleEnvelope(connection, route, message);
}

/** By its id, unless that is the id of another message, which will be answered. */
function refuseEnvelope(connection: Connection, { id, code }: BadFrame): void | Promise<void> {
  const isTaken = id === undefined || isInFlight(connection, id);
  const envelope = isTaken ? null : { event: '', data: undefined, id };
  const error: WireError = { code, message: code === 'too_large' ? TOO_LARGE : NO_ENVELOPE };
  return refuseUnread(connection, { hook: routeOf(connection).unhandled, envelope }, error);
}

/** What a plain route takes, for the message to a client that sent something else. */
function kindOf({ text, binary }: ServedRoute): string {
  if (text === null && binary === null) return 'expected: this route takes no messages';
  return text === null ? 'binary' : 'text';
}

function refuseFrame(
  connection: Connection,
  handler: MessageHandler | null,
  due: string,
): void | Promise<void> {
  const error: WireError = { code: 'bad_frame', message: `The frame is not ${due}` };
  return refuseUnread(connection, { hook: handler ?? routeOf(connection).unhandled, envelope: null }, error);
}

function refuseOversized(connection: Connection, handler: MessageHandler): void | Promise<void> {
  const error: WireError = { code: 'too_large', message: TOO_LARGE };
  return refuseUnread(connection, { hook: handler, envelope: null }, error);
}
