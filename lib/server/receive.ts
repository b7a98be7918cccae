import type { Connection } from '../connection/connection.ts';
import type { MessageHandler } from '../routing/route.ts';
import { isAbandoned } from './abandon.ts';
import { AUTH, authenticate } from './authenticate.ts';
import { claimId, expectsSignal, takeSignal } from './correlation.ts';
import { BadFrame, readFrame, toParsedEnvelope } from './envelope.ts';
import type { Frame } from './frames.ts';
import { routeOf, type ServedRoute } from './host.ts';
import { post, readEnded, readStarted } from './mailbox.ts';
import { parseMessage } from './parse-message.ts';
import { admit } from './rate-limit.ts';
import { keepRecord, recordOf } from './record.ts';

/**
 * Takes a message from the wire. On an events route it is read here, before the mailbox, because a reply
 * to our own request must not wait behind the handler that awaits it.
 */
export function receive(connection: Connection, frame: Frame): void {
  const route = routeOf(connection);
  if (route.kind === 'plain' && !isAnsweredOnPlain(connection)) {
    const handler = typeof frame === 'string' ? route.text : route.binary;
    if (route.countsMessages && !admit(connection, route, handler, null)) return;
    return post(connection, frame);
  }
  if (route.parseMessage !== null) return receiveUnparsed(connection, route, frame);
  deliver(connection, readFrame(frame, route.bounds));
}

/** A controller without message handlers is a plain route, but may ask its clients. */
function isAnsweredOnPlain(connection: Connection): boolean {
  return connection.route.canEmit && connection.isAsking;
}

/** Who handles an event; a limit of its own counts, not the route's. */
function handlerOf({ events, fallback }: ServedRoute, event: string): MessageHandler | null {
  return events?.get(event) ?? fallback;
}

/** Posts an envelope, or acts on a frame that is none. */
function deliver(connection: Connection, message: ReturnType<typeof readFrame>): void {
  const route = routeOf(connection);
  if (message instanceof BadFrame) {
    if (!route.countsMessages || admit(connection, route, null, null)) post(connection, message);
    return;
  }
  if (message.event === undefined) {
    // What was asked for is free.
    if (!takeSignal(connection, message)) admit(connection, route, null, null);
    return;
  }
  const auth = route.auth !== null && message.event === AUTH ? route.auth : null;
  const handler = auth === null ? handlerOf(route, message.event) : null;
  // A limiter of the user's own is asked in the turn of a message, and a $auth has none.
  const isCounted = route.countsMessages || auth !== null;
  if (isCounted && !admit(connection, route, handler, message)) return;
  if (!claimId(connection, message)) return;
  if (auth === null) post(connection, message);
  else authenticate(connection, auth, message);
}

/**
 * A frame that the user's `@ParseMessage` reads waits for its turn unread, because parsing is part of handling
 * it; but while a reply, a `cancel` or a `$auth` may be due it is read at once, one frame after another.
 */
function receiveUnparsed(connection: Connection, route: ServedRoute, frame: Frame): void {
  const reading = recordOf(connection)?.reading ?? null;
  if (reading === null && !expectsSignal(connection)) {
    if (!route.countsMessages || admit(connection, route, null, null)) post(connection, frame);
    return;
  }
  if (reading === null) {
    const started = readNow(connection, route, frame);
    if (started !== undefined) wait(connection, started);
    return;
  }
  wait(
    connection,
    reading.then(() => readNow(connection, route, frame)),
  );
}

function readNow(connection: Connection, route: ServedRoute, frame: Frame): void | Promise<void> {
  if (isAbandoned(connection)) return;
  const parser = { hooks: route.parseMessage ?? [], read: toParsedEnvelope };
  let isRead = false;
  const reading = parseMessage(connection, parser, frame, parsed => {
    isRead = true;
    return deliver(connection, parsed ?? readFrame(frame, route.bounds));
  });
  // One that could not be parsed counts against the limit all the same.
  const count = () => void (!isRead && admit(connection, route, null, null));
  return reading === undefined ? count() : reading.then(count);
}

/** Counts a frame among those that wait, and lets the next ones wait behind it. */
function wait(connection: Connection, reading: Promise<void>): void {
  const record = keepRecord(connection);
  record.reading = reading;
  readStarted(connection);
  void reading.then(() => {
    if (record.reading === reading) record.reading = null;
    readEnded(connection);
  });
}
