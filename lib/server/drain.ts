import { CloseCodes } from '../connection/close-codes.ts';
import type { Host } from './host.ts';
import { rest } from './mailbox.ts';
import { keepRecord } from './record.ts';

/** How long `close()` waits. */
export interface CloseOptions {
  /** Milliseconds that running handlers get to finish. Default 10 000. */
  readonly timeout?: number;
}

/**
 * Ends every connection: no upgrade and no further message is taken in, streams stop, running handlers and
 * what is queued behind them finish, then the client gets 1001 and `@OnClose` runs. What has not ended
 * after `timeout` milliseconds is closed all the same.
 */
export async function drainConnections(host: Host, timeout: number): Promise<void> {
  host.isDraining = true;
  for (const connection of [...host.connections]) {
    const record = keepRecord(connection);
    record.isDraining = true;
    for (const stream of record.streams?.values() ?? []) stream.stop();
    rest(connection);
  }
  if (await isDoneWithin(host.emptied(), timeout)) return;
  const left = [...host.connections];
  host.logger.warn(
    { connections: left.length, timeout },
    'handlers were still running when the server closed',
  );
  for (const connection of left) connection.shut(CloseCodes.goingAway, 'server is closing');
}

/** Waits for something, but no longer than so many milliseconds; whether it came. */
export async function isDoneWithin(done: Promise<unknown>, timeout: number): Promise<boolean> {
  const { promise: expired, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(false), timeout);
  const isDone = await Promise.race([done.then(() => true), expired]);
  clearTimeout(timer);
  return isDone;
}
