import type { Connection } from '../connection/connection.ts';
import { claimId, expectsSignal, takeSignal } from './correlation.ts';
import { BadFrame, readEnvelope, toEnvelope } from './envelope.ts';
import type { Frame } from './frames.ts';
import { routeOf, type ServedRoute } from './host.ts';
import { post } from './mailbox.ts';
import { parseMessage } from './parse-message.ts';

/**
 * Takes a message from the wire. On an events route it is read here, before the mailbox, because a reply
 * to our own request must not wait behind the handler that awaits it.
 */
export function receive(connection: Connection, frame: Frame): void {
  const route = routeOf(connection);
  if (route.kind === 'plain') return post(connection, frame);
  if (route.parseMessage !== null) return receiveUnparsed(connection, route, frame);
  deliver(connection, typeof frame === 'string' ? readEnvelope(frame) : new BadFrame());
}

/** Posts an envelope, or acts on a frame that is none. */
function deliver(connection: Connection, message: ReturnType<typeof toEnvelope>): void {
  if (message instanceof BadFrame) return post(connection, message);
  if (message.event === undefined) return takeSignal(connection, message);
  if (claimId(connection, message)) post(connection, message);
}

/**
 * A frame that the user's `@ParseMessage` reads waits for its turn unread, because parsing is part of handling
 * it; but while a reply or a `cancel` may be due it is read at once, one frame after another.
 */
function receiveUnparsed(connection: Connection, route: ServedRoute, frame: Frame): void {
  if (connection.reading !== null) {
    connection.reading = connection.reading.then(() => readNow(connection, route, frame));
  } else if (expectsSignal(connection)) {
    const reading = readNow(connection, route, frame);
    if (reading !== undefined) endReading(connection, reading);
  } else {
    post(connection, frame);
  }
}

function readNow(connection: Connection, route: ServedRoute, frame: Frame): void | Promise<void> {
  return parseMessage(connection, route.parseMessage ?? [], frame, parsed => {
    if (parsed !== undefined) return deliver(connection, toEnvelope(parsed));
    deliver(connection, typeof frame === 'string' ? readEnvelope(frame) : new BadFrame());
  });
}

/** Lets frames wait behind one that is being read, until the last of them is. */
function endReading(connection: Connection, reading: Promise<void>): void {
  connection.reading = reading;
  void reading.then(() => {
    const { reading: last } = connection;
    if (last === reading) connection.reading = null;
    else if (last !== null) endReading(connection, last);
  });
}
