import { CloseCodes } from '../connection/close-codes.ts';
import type { Connection } from '../connection/connection.ts';
import type { Envelope, Signal } from './envelope.ts';

/** Notes the id of a message until it is answered; one that is in flight closes the connection with 4409. */
export function claimId(connection: Connection, { id }: Envelope): boolean {
  if (id === undefined) return true;
  connection.unanswered ??= new Set();
  if (connection.unanswered.has(id) || connection.streams?.has(id)) {
    connection.close(CloseCodes.duplicateId, 'id is in flight');
    return false;
  }
  connection.unanswered.add(id);
  return true;
}

/** A reply settles our request, `cancel` ends a stream; what nobody waits for any more is ignored. */
export function takeSignal(connection: Connection, signal: Signal): void {
  if (signal.cancel === true) connection.streams?.get(signal.id)?.stop();
  else connection.settle(signal.id, signal.data, signal.error);
}

/** Whether the client may send something that must not wait behind a handler. */
export function expectsSignal(connection: Connection): boolean {
  return connection.isAsking || (connection.streams !== null && connection.streams.size > 0);
}
