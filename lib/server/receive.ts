import { CloseCodes } from '../connection/close-codes.ts';
import type { Connection } from '../connection/connection.ts';
import { type Envelope, readEnvelope, type Signal } from './envelope.ts';
import { routeOf } from './host.ts';
import { post } from './mailbox.ts';
import { BAD_FRAME, type Frame } from './messages.ts';

/**
 * Takes a message from the wire. On an events route it is read here, before the mailbox, because a reply
 * to our own request must not wait behind the handler that awaits it.
 */
export function receive(connection: Connection, frame: Frame): void {
  if (routeOf(connection).kind === 'plain') return post(connection, frame);
  const message = typeof frame === 'string' ? readEnvelope(frame) : undefined;
  if (message === undefined) return post(connection, BAD_FRAME);
  if (message.event === undefined) return takeSignal(connection, message);
  receiveEnvelope(connection, message);
}

function receiveEnvelope(connection: Connection, envelope: Envelope): void {
  const { id } = envelope;
  if (id !== undefined) {
    connection.unanswered ??= new Set();
    if (connection.unanswered.has(id) || connection.streams?.has(id)) {
      return connection.close(CloseCodes.duplicateId, 'id is in flight');
    }
    connection.unanswered.add(id);
  }
  post(connection, envelope);
}

/** A reply settles our request, `cancel` ends a stream; what nobody waits for any more is ignored. */
function takeSignal(connection: Connection, signal: Signal): void {
  if (signal.cancel === true) connection.streams?.get(signal.id)?.stop();
  else connection.settle(signal.id, signal.data, signal.error);
}
