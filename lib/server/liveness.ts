import { CloseCodes } from '../connection/close-codes.ts';
import type { Connection } from '../connection/connection.ts';
import { type Host, routeOf } from './host.ts';

/** Seconds without an inbound frame after which a client is pinged, and seconds it has to answer. */
const PING_AFTER = 25;
const PONG_WITHIN = 8;
/** Seconds after which a paused socket is read again, because a paused one does not show that its peer is gone. */
const LONGEST_PAUSE = 30;
const SECOND = 1000;

/**
 * Finds connections whose client is silent or gone, with one sweep a second over all of them. Bun's own idle
 * timer cannot: what the server sends resets it (oven-sh/bun#39255).
 *
 * Its clock counts sweeps, not time: while the event loop stands still nobody times out.
 */
export class Liveness {
  readonly #host: Host;
  readonly #pausedSince = new Map<Connection, number>();
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(host: Host) {
    this.#host = host;
  }

  /** Sweeps from here on; it does not keep the process alive. */
  start(): void {
    this.#timer = setInterval(() => this.sweep(), SECOND);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** One second of service is over. */
  sweep(): void {
    this.#host.now++;
    for (const connection of this.#host.connections) {
      if (connection.end !== null) this.#pausedSince.delete(connection);
      else if (connection.isPaused) this.#lookAgain(connection);
      else this.#judge(connection);
    }
  }

  #judge(connection: Connection): void {
    this.#pausedSince.delete(connection);
    const { idleTimeout, sendPings } = routeOf(connection).options;
    const silent = this.#host.now - connection.seenAt;
    if (idleTimeout > 0 && silent >= idleTimeout)
      return connection.close(CloseCodes.deadline, 'idle timeout');
    if (!sendPings) return;
    const pingAfter = idleTimeout > 0 ? Math.min(PING_AFTER, Math.ceil(idleTimeout / 2)) : PING_AFTER;
    if (silent >= pingAfter + PONG_WITHIN) connection.close(CloseCodes.deadline, 'no pong');
    else if (silent === pingAfter) connection.ping();
  }

  #lookAgain(connection: Connection): void {
    const since = this.#pausedSince.get(connection) ?? this.#host.now;
    this.#pausedSince.set(connection, since);
    connection.seenAt = this.#host.now;
    if (this.#host.now - since < LONGEST_PAUSE) return;
    this.#pausedSince.delete(connection);
    connection.resume();
  }
}
