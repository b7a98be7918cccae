import { CloseCodes } from '../connection/close-codes.ts';
import type { Connection } from '../connection/connection.ts';
import { routeOf } from './host.ts';
import { keepRecord } from './record.ts';

/** Seconds within which the invalid messages of a client are counted together. */
const SECONDS = 60;

/** A message could not be read, or failed its check, and was answered: so many within a minute close with 4400. */
export function noteInvalidMessage(connection: Connection): void {
  const { host, options } = routeOf(connection);
  const most = options.closeAfterInvalid;
  if (most === 0) return;
  const record = keepRecord(connection);
  record.invalidMessages ??= [];
  const times = record.invalidMessages;
  times.push(host.now);
  if (times.length < most) return;
  const first = times.shift() ?? host.now;
  if (host.now - first < SECONDS) connection.shut(CloseCodes.badFrames, 'too many invalid messages');
}
