import { CloseCodes } from '../connection/close-codes.ts';
import type { Connection } from '../connection/connection.ts';
import type { ControllerScope } from '../routing/route.ts';
import { runHook } from './dispatcher.ts';
import { disposeScope } from './dispose-scope.ts';
import { routeOf } from './host.ts';
import { handleMessage, type Message } from './messages.ts';

/** How far the queue may grow past `maxPending` while the socket must not be paused. */
const OVERLOAD_FACTOR = 4;

/**
 * Hands a message to its handler: at once if the connection has a free slot and nothing waits, else when
 * its turn comes. Messages of a connection are handled in the order they arrived.
 */
export function post(connection: Connection, message: Message): void {
  if (connection.isDraining || connection.isFinished) return;
  if (connection.free === 0 || connection.queue !== null) return park(connection, message);
  start(connection, message);
  if (connection.end !== null || connection.isDraining) rest(connection);
}

/** Lets the first message in: `@OnOpen` has ended. */
export function openMailbox(connection: Connection): void {
  connection.free = routeOf(connection).options.concurrency;
  pump(connection);
}

/**
 * Goes on to the end of a connection once nothing of it is handled and nothing waits to be: its `@OnClose`
 * if the socket is closed, the close if the server drains.
 */
export function rest(connection: Connection): void {
  const { options } = routeOf(connection);
  if (connection.queue !== null || connection.unread > 0 || connection.free < options.concurrency) return;
  if (connection.end !== null) finish(connection);
  else if (connection.isDraining) connection.shut(CloseCodes.goingAway, 'server is closing');
}

function start(connection: Connection, message: Message): void {
  connection.free--;
  const running = handleMessage(connection, message);
  if (running === undefined) {
    connection.free++;
    return;
  }
  connection.handshake.keepAddress();
  void running.then(() => release(connection));
}

function release(connection: Connection): void {
  connection.free++;
  pump(connection);
}

/** Starts what waits, as far as slots are free. */
function pump(connection: Connection): void {
  while (connection.queue !== null && connection.free > 0) {
    const message = connection.queue.shift() as Message;
    if (connection.queue.length === 0) resume(connection);
    start(connection, message);
  }
  if (connection.end !== null || connection.isDraining) rest(connection);
}

/** Queues a message. Above `maxPending` the socket is paused, so that TCP slows the client and nothing is lost. */
function park(connection: Connection, message: Message): void {
  connection.queue ??= [];
  connection.queue.push(message);
  limitWaiting(connection);
}

/** A frame is being read out of its turn, and waits as those in the queue do. */
export function readStarted(connection: Connection): void {
  connection.unread++;
  limitWaiting(connection);
}

/** It was read: posted, or acted on. */
export function readEnded(connection: Connection): void {
  connection.unread--;
  if (connection.unread > 0) return;
  if (connection.queue === null && connection.isPaused) connection.resume();
  if (connection.end !== null || connection.isDraining) rest(connection);
}

function limitWaiting(connection: Connection): void {
  const { maxPending } = routeOf(connection).options;
  const waiting = (connection.queue?.length ?? 0) + connection.unread;
  if (waiting <= maxPending) return;
  if (!connection.isAsking) connection.pause();
  else if (waiting > maxPending * OVERLOAD_FACTOR) {
    connection.shut(CloseCodes.overloaded, 'too many messages while a reply is awaited');
  }
}

function resume(connection: Connection): void {
  connection.queue = null;
  if (connection.isPaused) connection.resume();
}

/** Runs `@OnClose`, once, disposes what was the connection's own, and forgets it. */
function finish(connection: Connection): void {
  const { host, close } = routeOf(connection);
  if (!host.connections.has(connection) || connection.isFinished) return;
  connection.isFinished = true;
  const running =
    close === null ? undefined : runHook(connection, close, connection.end?.code, connection.end?.reason);
  if (running === undefined) return forget(connection);
  void running.then(() => forget(connection));
}

function forget(connection: Connection): void {
  const route = routeOf(connection);
  const scope = connection.scope as ControllerScope | null;
  if (scope === null) return route.host.forget(connection);
  void disposeScope(route, connection.id, scope).then(() => route.host.forget(connection));
}
