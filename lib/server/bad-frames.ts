import { CloseCodes } from '../connection/close-codes.ts';
import type { Connection } from '../connection/connection.ts';
import { routeOf } from './host.ts';
import { keepRecord } from './record.ts';

/** How many frames in how many seconds may fail to be read before their client is taken for a broken one. */
const MOST_BAD_FRAMES = 10;
const SECONDS = 60;

/** A frame could not be read and was answered. The tenth within a minute closes the connection with 4400. */
export function noteBadFrame(connection: Connection): void {
  const { now } = routeOf(connection).host;
  const record = keepRecord(connection);
  record.badFrames ??= [];
  const times = record.badFrames;
  times.push(now);
  if (times.length < MOST_BAD_FRAMES) return;
  const first = times.shift() ?? now;
  if (now - first < SECONDS) connection.shut(CloseCodes.badFrames, 'too many bad frames');
}
