import { CloseCodes } from '../connection/close-codes.ts';
import type { Connection } from '../connection/connection.ts';
import { isWithin } from '../connection/json-bounds.ts';
import type { Envelope, Signal } from './envelope.ts';
import { routeOf } from './host.ts';
import { keepRecord, recordOf } from './record.ts';

/** Notes the id of a message until it is answered; one that is in flight closes the connection with 4409. */
export function claimId(connection: Connection, { id }: Envelope): boolean {
  if (id === undefined) return true;
  if (isInFlight(connection, id)) {
    connection.shut(CloseCodes.duplicateId, 'id is in flight');
    return false;
  }
  const record = keepRecord(connection);
  record.unanswered ??= new Set();
  record.unanswered.add(id);
  return true;
}

/** The message with this id is answered; the client may use it again. */
export function freeId(connection: Connection, id: string | number): void {
  const record = recordOf(connection);
  record?.unanswered?.delete(id);
  record?.cancelled?.delete(id);
}

/** Whether a message with this id is being answered. */
export function isInFlight(connection: Connection, id: string | number): boolean {
  const record = recordOf(connection);
  return record?.unanswered?.has(id) === true || record?.streams?.has(id) === true;
}

/**
 * A reply settles our request, `cancel` ends a stream; what nobody waits for any more is ignored. Whether somebody did.
 */
export function takeSignal(connection: Connection, signal: Signal): boolean {
  const { id, cancel } = signal;
  if (cancel === undefined) {
    if (isWithin(signal.data, routeOf(connection).bounds)) {
      return connection.settle(id, signal.data, signal.error ?? undefined);
    }
    return connection.settle(id, undefined, { code: 'too_large', message: 'the reply is too large' });
  }
  return cancel === true && cancelStream(connection, id);
}

function cancelStream(connection: Connection, id: string | number): boolean {
  const record = recordOf(connection);
  const stream = record?.streams?.get(id);
  stream?.stop();
  // The client cannot know whether the handler has given its stream yet.
  if (record?.unanswered?.has(id) !== true) return stream !== undefined;
  record.cancelled ??= new Set();
  if (record.cancelled.has(id)) return false;
  record.cancelled.add(id);
  return true;
}

/** Whether the client may send something that must not wait behind a handler. */
export function expectsSignal(connection: Connection): boolean {
  if (routeOf(connection).auth !== null) return true;
  return connection.isAsking || (recordOf(connection)?.streams?.size ?? 0) > 0;
}
