import { CloseCodes } from '../connection/close-codes.ts';
import type { Connection } from '../connection/connection.ts';
import type { Envelope, Signal } from './envelope.ts';

/** Notes the id of a message until it is answered; one that is in flight closes the connection with 4409. */
export function claimId(connection: Connection, { id }: Envelope): boolean {
  if (id === undefined) return true;
  connection.unanswered ??= new Set();
  if (connection.unanswered.has(id) || connection.streams?.has(id)) {
    connection.shut(CloseCodes.duplicateId, 'id is in flight');
    return false;
  }
  connection.unanswered.add(id);
  return true;
}

/** The message with this id is answered; the client may use it again. */
export function freeId(connection: Connection, id: string | number): void {
  connection.unanswered?.delete(id);
  connection.cancelled?.delete(id);
}

/** A reply settles our request, `cancel` ends a stream; what nobody waits for any more is ignored. */
export function takeSignal(connection: Connection, signal: Signal): void {
  const { id, cancel } = signal;
  if (cancel === undefined) {
    connection.settle(id, signal.data, signal.error ?? undefined);
  } else if (cancel === true) {
    connection.streams?.get(id)?.stop();
    // The client cannot know whether the handler has given its stream yet.
    if (connection.unanswered?.has(id)) {
      connection.cancelled ??= new Set();
      connection.cancelled.add(id);
    }
  }
}

/** Whether the client may send something that must not wait behind a handler. */
export function expectsSignal(connection: Connection): boolean {
  return connection.isAsking || (connection.streams !== null && connection.streams.size > 0);
}
