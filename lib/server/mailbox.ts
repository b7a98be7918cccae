import { CloseCodes } from '../connection/close-codes.ts';
import type { Connection } from '../connection/connection.ts';
import type { ControllerScope } from '../routing/route.ts';
import { abandon } from './abandon.ts';
import { runHook } from './dispatcher.ts';
import { disposeScope } from './dispose-scope.ts';
import { reportFailure } from './error-boundary.ts';
import { routeOf, type ServedRoute, scopeOf } from './host.ts';
import { inEvent } from './in-event.ts';
import { handleMessage, type Message } from './messages.ts';
import { type ConnectionRecord, keepRecord, recordOf } from './record.ts';
import { expire, isExpired } from './session.ts';
import { withinTime } from './time-limit.ts';

/** How far the queue may grow past `maxPending` while the socket must not be paused. */
const OVERLOAD_FACTOR = 4;

/** In the place of free slots: `@OnClose` was called. */
const FINISHED = -1;

/**
 * Hands a message to its handler: at once if the connection has a free slot and nothing waits, else when
 * its turn comes. Messages of a connection are handled in the order they arrived.
 */
export function post(connection: Connection, message: Message): void {
  const record = recordOf(connection);
  if (connection.free === FINISHED || record?.isDraining === true) return;
  if (connection.free === 0 || (record !== null && record.queue !== null)) return park(connection, message);
  start(connection, message);
  restIfEnding(connection);
}

/** Lets the first message in: `@OnOpen` has ended. */
export function openMailbox(connection: Connection): void {
  if (connection.free === FINISHED) return;
  connection.free = routeOf(connection).options.concurrency;
  pump(connection);
}

/**
 * Goes on to the end of a connection once nothing of it is handled and nothing waits to be: its `@OnClose`
 * if the socket is closed, the close if the server drains and what was sent is on its way.
 */
export function rest(connection: Connection): void {
  const record = recordOf(connection);
  if (connection.free < routeOf(connection).options.concurrency) return;
  if (record !== null && (record.queue !== null || record.unread > 0)) return;
  if (connection.end !== null) finish(connection);
  else if (record?.isDraining === true && connection.bufferedAmount === 0) sayGoodbye(connection);
}

function sayGoodbye(connection: Connection): void {
  const { code, reason } = routeOf(connection).host.goodbye;
  connection.shut(code, reason);
}

/** Ends a connection whose handlers have had their time: its `@OnClose` does not wait for them any more. */
export function cut(connection: Connection): void {
  abandon(connection);
  sayGoodbye(connection);
  finish(connection);
}

/** Something of it has ended: a message, or the sending of what waited. */
export function restIfEnding(connection: Connection): void {
  if (connection.end !== null || recordOf(connection)?.isDraining === true) rest(connection);
}

function start(connection: Connection, message: Message): void {
  if (isExpired(connection)) return expire(connection);
  connection.free--;
  const running = handleMessage(connection, message);
  if (running === undefined) connection.free++;
  else void releaseAfter(connection, running);
}

async function releaseAfter(connection: Connection, running: Promise<void>): Promise<void> {
  connection.handshake.keepAddress();
  await running;
  if (connection.free === FINISHED) return;
  connection.free++;
  pump(connection);
}

/** Starts what waits, as far as slots are free. */
function pump(connection: Connection): void {
  const record = recordOf(connection);
  while (record !== null && record.queue !== null && connection.free > 0) {
    const message = record.queue.shift() as Message;
    if (record.queue.length === 0) {
      record.queue = null;
      resume(connection);
    }
    start(connection, message);
  }
  restIfEnding(connection);
}

/** Queues a message. Above `maxPending` the socket is paused, so that TCP slows the client and nothing is lost. */
function park(connection: Connection, message: Message): void {
  const record = keepRecord(connection);
  record.queue ??= [];
  record.queue.push(message);
  limitWaiting(connection, record);
}

/** A frame is being read out of its turn, and waits as those in the queue do. */
export function readStarted(connection: Connection): void {
  const record = keepRecord(connection);
  record.unread++;
  limitWaiting(connection, record);
}

/** It was read: posted, or acted on. */
export function readEnded(connection: Connection): void {
  const record = keepRecord(connection);
  record.unread--;
  if (record.unread > 0) return;
  if (record.queue === null) resume(connection);
  restIfEnding(connection);
}

function limitWaiting(connection: Connection, record: ConnectionRecord): void {
  const { maxPending } = routeOf(connection).options;
  if (waitingOf(record) <= maxPending) return;
  if (!connection.isAsking) connection.pause();
  else if (isOverloaded(connection, record)) {
    connection.shut(CloseCodes.overloaded, 'too many messages while a reply is awaited');
  }
}

/** Whether so many messages wait that none may be added, whatever the reason. */
export function isOverloaded(connection: Connection, record: ConnectionRecord): boolean {
  return waitingOf(record) > routeOf(connection).options.maxPending * OVERLOAD_FACTOR;
}

function waitingOf({ queue, unread }: ConnectionRecord): number {
  return (queue?.length ?? 0) + unread;
}

function resume(connection: Connection): void {
  if (connection.isPaused) connection.resume();
}

/** Runs `@OnClose`, once, disposes what was the connection's own, and forgets it. */
function finish(connection: Connection): void {
  const { host, close } = routeOf(connection);
  if (connection.free === FINISHED || !host.connections.has(connection)) return;
  connection.free = FINISHED;
  const running =
    close === null ? undefined : runHook(connection, close, connection.end?.code, connection.end?.reason);
  if (running === undefined) forget(connection);
  else void forgetAfter(connection, running);
}

async function forgetAfter(connection: Connection, running: Promise<void>): Promise<void> {
  await running;
  forget(connection);
}

function forget(connection: Connection): void {
  const route = routeOf(connection);
  const scope = scopeOf(connection);
  if (scope === null) route.host.forget(connection);
  else void disposeAndForget(connection, route, scope);
}

async function disposeAndForget(
  connection: Connection,
  route: ServedRoute,
  scope: ControllerScope,
): Promise<void> {
  const hook = { ...route.unhandled, where: `the clean-up of ${route.name}` };
  try {
    const disposing = inEvent(connection, { phase: 'close' }, () =>
      disposeScope(route, connection.id, scope),
    );
    await withinTime(connection, hook, disposing);
  } catch (error) {
    reportFailure(connection, { hook, envelope: null }, error);
  }
  route.host.forget(connection);
}
