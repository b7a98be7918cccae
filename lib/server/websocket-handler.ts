import type { ServerWebSocket, WebSocketHandler } from 'bun';
import { CloseCodes, wireCloseCode } from '../connection/close-codes.ts';
import { Connection, type ConnectionEnd } from '../connection/connection.ts';
import type { ConnectionHook } from '../routing/route.ts';
import { holdControls, releaseControls, runControl } from './control-hooks.ts';
import { runHook } from './dispatcher.ts';
import { reportFailure } from './error-boundary.ts';
import type { Frame } from './frames.ts';
import { guardListeners } from './guard-listeners.ts';
import { type Host, routeOf, type ServedRoute } from './host.ts';
import { openMailbox, rest, restIfEnding } from './mailbox.ts';
import { receive } from './receive.ts';
import { type ConnectionRecord, recordOf } from './record.ts';

/**
 * The one websocket object Bun takes for all routes, with the largest of their limits; each route's own
 * smaller one is enforced here. Nothing below may throw or reject: either would end the process
 * (facts measured on Bun 1.4.5; oven-sh/bun#35394).
 */
export function websocketHandler(routes: readonly ServedRoute[], host: Host): WebSocketHandler<Connection> {
  const largest = (limit: (route: ServedRoute) => number) => Math.max(1, ...routes.map(limit));
  const maxPayloadLength = largest(({ options }) => options.maxPayloadLength);
  return {
    maxPayloadLength,
    backpressureLimit: largest(({ options }) => options.backpressureLimit),
    closeOnBackpressureLimit: true,
    // Liveness is ours: Bun's timer is reset by what the server sends (oven-sh/bun#39255).
    idleTimeout: 0,
    sendPings: false,
    perMessageDeflate: routes.find(({ compress }) => compress)?.options.perMessageDeflate ?? false,
    open(socket) {
      const connection = ours(socket);
      if (connection === null) {
        host.logger.error(
          {},
          'server.upgrade() was called by an HTTP handler: a socket belongs to a @WebSocketRoute',
        );
        return socket.close(CloseCodes.internal, 'no route');
      }
      connection.attach(socket);
      connection.seenAt = host.now;
      host.connections.add(connection);
      const { open } = routeOf(connection);
      const opening = open === null ? undefined : runHook(connection, open);
      if (opening === undefined) openMailbox(connection);
      else void openAfter(connection, opening);
    },
    message(socket, data) {
      const connection = ours(socket);
      if (connection === null) return;
      connection.seenAt = host.now;
      const frame = toFrame(data);
      const limit = routeOf(connection).options.maxPayloadLength;
      if (limit < maxPayloadLength && isLonger(frame, limit)) {
        return connection.shut(CloseCodes.tooBig, 'Received too big message');
      }
      receive(connection, frame);
    },
    drain(socket) {
      const connection = ours(socket);
      if (connection !== null) drained(connection);
    },
    ping(socket, bytes) {
      const connection = ours(socket);
      if (connection === null) return;
      connection.seenAt = host.now;
      runControlHook(connection, routeOf(connection).ping, bytes);
    },
    pong(socket, bytes) {
      const connection = ours(socket);
      if (connection === null) return;
      connection.seenAt = host.now;
      runControlHook(connection, routeOf(connection).pong, bytes);
    },
    close(socket, code, reason) {
      const connection = ours(socket);
      if (connection === null) return;
      detach(connection, { code: wireCloseCode(code, reason), reason });
      const record = recordOf(connection);
      if (record !== null) endStreams(record);
      // Not within the send or close of somebody else that this close may be part of.
      queueMicrotask(() => rest(connection));
    },
  };
}

/** Lets messages and controls in once `@OnOpen` has ended. */
async function openAfter(connection: Connection, opening: Promise<void>): Promise<void> {
  connection.handshake.keepAddress();
  holdControls(connection);
  await opening;
  openMailbox(connection);
  releaseControls(connection);
}

/**
 * The connection of a socket; `null` for one that is of no route: an HTTP handler is given Bun's server too, and may
 * upgrade by itself.
 */
function ours({ data }: ServerWebSocket<Connection>): Connection | null {
  return (data as Connection | undefined) instanceof Connection ? data : null;
}

/** Ends a connection; what the listeners of its signal throw is reported. */
function detach(connection: Connection, end: ConnectionEnd): void {
  if (!connection.hasSignal) return connection.detach(end);
  const { unhandled, name } = routeOf(connection);
  const hook = { ...unhandled, hook: 'close', where: `${name} abort listener` } as const;
  guardListeners(
    () => connection.detach(end),
    thrown => reportFailure(connection, { hook, envelope: null }, thrown),
  );
}

function endStreams(record: ConnectionRecord): void {
  wakeStreams(record);
  for (const stream of record.streams?.values() ?? []) stream.stop();
}

function wakeStreams(record: ConnectionRecord | null): void {
  for (const resolve of record?.drained?.splice(0) ?? []) resolve();
}

function drained(connection: Connection): void {
  wakeStreams(recordOf(connection));
  const { drain } = routeOf(connection);
  if (drain !== null) runControl(connection, drain);
  restIfEnding(connection);
}

function runControlHook(connection: Connection, hook: ConnectionHook | null, bytes: Buffer): void {
  if (hook !== null) runControl(connection, hook, toFrame(bytes));
}

/** Bun's bytes as a `Uint8Array`, whatever `binaryType` the user chose. */
function toFrame(data: string | Buffer | ArrayBuffer | Uint8Array): Frame {
  if (typeof data === 'string' || data instanceof Uint8Array) return data as Frame;
  return new Uint8Array(data);
}

/** Whether a message has more bytes than a limit; text is measured only where its length leaves it open. */
function isLonger(frame: Frame, limit: number): boolean {
  if (typeof frame !== 'string') return frame.byteLength > limit;
  if (frame.length > limit) return true;
  return frame.length * 3 > limit && Buffer.byteLength(frame) > limit;
}
