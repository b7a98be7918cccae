import type { Abandonable } from '../connection/connection-route.ts';
import { keepRecord, recordOf } from './record.ts';
import { expire, isExpired } from './session.ts';

/** Forgets what waits: the application ended the connection. */
export function abandon(connection: Pick<Abandonable, 'record'>): void {
  const record = keepRecord(connection);
  record.isAbandoned = true;
  record.queue = null;
}

/**
 * Whether nothing of a connection is handled any more, because the application ended it or its session is over. What
 * has waited for a guard, a pipe, a check, asks before it goes on to the handler.
 */
export function isAbandoned(connection: Abandonable): boolean {
  if (connection.end === null && isExpired(connection)) expire(connection);
  return recordOf(connection)?.isAbandoned === true;
}
