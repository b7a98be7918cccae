import { CloseCodes } from '../connection/close-codes.ts';
import type { Connection } from '../connection/connection.ts';
import { routeOf } from './host.ts';
import { keepRecord } from './record.ts';

/** Seconds within which the mistakes of a client are counted together. */
const SECONDS = 60;

/** A message could not be read and was answered: so many within a minute close with 4400. */
export function noteBadFrame(connection: Connection): void {
  const record = keepRecord(connection);
  record.badFrames ??= [];
  note(connection, record.badFrames, routeOf(connection).options.closeAfterBadFrames);
}

/** A message failed its check and was answered. */
export function noteInvalidMessage(connection: Connection): void {
  const record = keepRecord(connection);
  record.invalidMessages ??= [];
  note(connection, record.invalidMessages, routeOf(connection).options.closeAfterInvalid);
}

function note(connection: Connection, times: number[], most: number): void {
  if (most === 0) return;
  const { now } = routeOf(connection).host;
  times.push(now);
  if (times.length < most) return;
  const first = times.shift() ?? now;
  if (now - first < SECONDS) connection.shut(CloseCodes.badFrames, 'too many invalid messages');
}
