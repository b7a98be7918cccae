import type { Connection } from '../connection/connection.ts';
import type { ConnectionHook } from '../routing/route.ts';
import { runHook } from './dispatcher.ts';
import type { Frame } from './frames.ts';
import { routeOf } from './host.ts';
import { type Control, keepRecord, recordOf } from './record.ts';

/**
 * Runs the hook of a ping, a pong or a drain. They run one after another, beside the messages, and not before
 * `@OnOpen` has ended; as many wait as messages may, and the others are left out: a client can send any number.
 */
export function runControl(connection: Connection, hook: ConnectionHook, bytes?: Frame): void {
  const waiting = recordOf(connection)?.controls ?? null;
  if (waiting === null) return start(connection, { hook, bytes });
  const isKnown = bytes === undefined && waiting.some(control => control.hook === hook);
  if (!isKnown && waiting.length < routeOf(connection).options.maxPending) waiting.push({ hook, bytes });
}

/** Lets them wait: `@OnOpen` is running. */
export function holdControls(connection: Connection): void {
  keepRecord(connection).controls = [];
}

/** Runs those that wait; with the connection closed there is nobody to answer. */
export function releaseControls(connection: Connection): void {
  const record = keepRecord(connection);
  const waiting = record.controls ?? [];
  record.controls = null;
  while (connection.end === null && record.controls === null) {
    const next = waiting.shift();
    if (next === undefined) return;
    start(connection, next);
  }
  // The last one takes its time: those behind it wait on.
  if (connection.end === null) record.controls = waiting;
}

function start(connection: Connection, { hook, bytes }: Control): void {
  const running = runHook(connection, hook, bytes);
  if (running === undefined) return;
  holdControls(connection);
  void running.then(() => releaseControls(connection));
}
