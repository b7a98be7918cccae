import { CloseCodes } from '../connection/close-codes.ts';
import type { Connection } from '../connection/connection.ts';
import { encodeEvent } from '../connection/encoding.ts';
import { timerDelay } from '../connection/timeout.ts';
import type { Host } from './host.ts';
import { cut, rest } from './mailbox.ts';
import { keepRecord } from './record.ts';

/** How `app.close()` ends connections, and how long it waits. */
export interface CloseOptions {
  /** Milliseconds that running handlers get to finish. Default 10 000. */
  readonly timeout?: number;
  /**
   * Milliseconds over which connections are closed, with 1012, so that their clients do not all come back at once;
   * they are served until it is their turn. Those of events routes are told first, by `{"event":"$drain"}`. Default 0:
   * all of them at once, with 1001.
   */
  readonly drainMs?: number;
}

/** `CloseOptions` with every default filled in. */
export type CloseTimes = Required<CloseOptions>;

const DEFAULT_TIMEOUT = 10_000;

/** What is given, else the option of the application, else the default; throws RangeError for what is no time. */
export function closeTimes(given: CloseOptions, option: CloseOptions = {}): CloseTimes {
  const { timeout = option.timeout ?? DEFAULT_TIMEOUT, drainMs = option.drainMs ?? 0 } = given;
  return { timeout: timerDelay(timeout), drainMs: timerDelay(drainMs) };
}

/** What clients are told at the end. */
const GOING_AWAY = { code: CloseCodes.goingAway, reason: 'server is closing' };
const RESTART = { code: CloseCodes.restart, reason: 'server is restarting' };

/** Milliseconds that the `@OnClose` of connections whose handlers were cut get. */
const LAST_HOOKS = 1000;
/** How often connections are closed while they are spread over a time. */
const TICK = 50;

/**
 * Ends every connection: no upgrade is taken in; streams stop, running handlers and what is queued behind them
 * finish, what was sent goes out, then the client gets its close code and `@OnClose` runs. What has not ended after
 * `timeout` milliseconds is cut.
 */
export async function drainConnections(host: Host, { timeout, drainMs }: CloseTimes): Promise<void> {
  host.isDraining = true;
  host.goodbye = drainMs > 0 ? RESTART : GOING_AWAY;
  if (drainMs > 0) await spread(host, drainMs);
  for (const connection of eldestFirst(host)) release(connection);
  if (await isDoneWithin(host.emptied(), timeout)) return;
  await cutConnections(host, timeout);
}

/** Lets the connections go one after another, evenly over a time; it is over sooner where all of them leave. */
async function spread(host: Host, drainMs: number): Promise<void> {
  const begin = performance.now();
  const waiting = eldestFirst(host);
  const notice = encodeEvent('$drain', { within: drainMs });
  for (const connection of waiting) if (connection.route.kind === 'events') connection.write(notice);
  const emptied = host.emptied();
  for (let released = 0; released < waiting.length; ) {
    if (await isDoneWithin(emptied, Math.min(TICK, drainMs))) return;
    const due = (waiting.length * (performance.now() - begin)) / drainMs;
    for (; released < Math.min(due, waiting.length); released++) release(waiting[released] as Connection);
  }
}

/** As they came, but for those that have the place of one that left. */
function eldestFirst({ connections }: Host): Connection[] {
  return [...connections].reverse();
}

/** Takes nothing in from a connection any more, and closes it once it is at rest. */
function release(connection: Connection): void {
  const record = keepRecord(connection);
  if (record.isDraining) return;
  record.isDraining = true;
  for (const stream of record.streams?.values() ?? []) stream.stop();
  rest(connection);
}

async function cutConnections(host: Host, timeout: number): Promise<void> {
  const left = [...host.connections];
  host.logger.warn(
    { connections: left.length, timeout },
    'handlers were still running, or frames unsent, when the server closed',
  );
  for (const connection of left) cut(connection);
  if (await isDoneWithin(host.emptied(), LAST_HOOKS)) return;
  host.logger.warn({ connections: host.connections.size }, '@OnClose had not ended when the server closed');
}

/** Waits for something, but no longer than so many milliseconds; whether it came. */
export async function isDoneWithin(done: Promise<unknown>, timeout: number): Promise<boolean> {
  const { promise: expired, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(false), timeout);
  const isDone = await Promise.race([done.then(() => true), expired]);
  clearTimeout(timer);
  return isDone;
}
