import type { Connection } from '../connection/connection.ts';
import type { WireError } from '../errors.ts';
import type { MessageHandler } from '../routing/route.ts';
import { dispatch } from './dispatcher.ts';
import type { Envelope } from './envelope.ts';
import { refuse } from './error-boundary.ts';
import { routeOf, type ServedRoute } from './host.ts';

/** A whole message as Bun hands it over. */
export type Frame = string | Uint8Array<ArrayBuffer>;

/** A frame of an events route that is no envelope; it is answered in its turn. */
export const BAD_FRAME = Symbol('bad frame');

/** What waits in a mailbox: a frame on a plain route, an envelope on an events route. */
export type Message = Frame | Envelope | typeof BAD_FRAME;

/** Finds the handler of a message and dispatches it; the promise never rejects. */
export function handleMessage(connection: Connection, message: Message): void | Promise<void> {
  const route = routeOf(connection);
  if (typeof message === 'symbol')
    return refuseFrame(connection, null, 'an envelope {"event": …, "data": …}');
  if (route.kind === 'plain') return handleFrame(connection, route, message as Frame);
  return handleEnvelope(connection, route, message as Envelope);
}

function handleFrame(connection: Connection, route: ServedRoute, frame: Frame): void | Promise<void> {
  if (typeof frame !== 'string') {
    const { binary } = route;
    return binary === null
      ? refuseFrame(connection, null, 'text')
      : dispatch(connection, binary, null, frame);
  }
  const { text } = route;
  if (text === null) return refuseFrame(connection, null, 'binary');
  if (text.decode === 'text') return dispatch(connection, text, null, frame);
  let value: unknown;
  try {
    value = JSON.parse(frame);
  } catch {
    return refuseFrame(connection, text, 'JSON');
  }
  return dispatch(connection, text, null, value);
}

function handleEnvelope(
  connection: Connection,
  route: ServedRoute,
  envelope: Envelope,
): void | Promise<void> {
  const handler = route.events?.get(envelope.event) ?? route.fallback;
  if (handler !== null) return dispatch(connection, handler, envelope, envelope.data);
  const message = `No handler for the event ${JSON.stringify(envelope.event.slice(0, 64))}`;
  return refuse(connection, { hook: noHandler(connection), envelope }, { code: 'unknown_event', message });
}

function refuseFrame(
  connection: Connection,
  handler: MessageHandler | null,
  due: string,
): void | Promise<void> {
  const error: WireError = { code: 'bad_frame', message: `The frame is not ${due}` };
  return refuse(connection, { hook: handler ?? noHandler(connection), envelope: null }, error);
}

function noHandler({ route }: Connection) {
  return { hook: 'message', where: route.name } as const;
}
