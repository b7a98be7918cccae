import { CloseCodes } from '../connection/close-codes.ts';
import type { Connection } from '../connection/connection.ts';
import { type Host, routeOf } from './host.ts';
import { TICK } from './loop-watch.ts';
import { isOverloaded } from './mailbox.ts';
import { keepRecord, recordOf } from './record.ts';
import { expire, isExpired } from './session.ts';
import { ageAll } from './waiting.ts';

/** Seconds without an inbound frame after which a client is pinged, and seconds it has to answer. */
const PING_AFTER = 25;
const PONG_WITHIN = 8;
/** Seconds after which a paused socket is read again, because a paused one does not show that its peer is gone. */
const LONGEST_PAUSE = 30;
const MILLISECONDS = 1000;

/**
 * Finds connections whose client is silent or gone, or whose session is over, with one sweep a second over all of them. Bun's own idle
 * timer cannot: what the server sends resets it (oven-sh/bun#39255).
 *
 * Its clock counts sweeps, not time: while the event loop stands still nobody times out.
 */
export class Liveness {
  readonly #host: Host;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(host: Host) {
    this.#host = host;
  }

  /** Sweeps from here on; it does not keep the process alive. */
  start(): void {
    const { loop } = this.#host;
    loop.start();
    this.#timer = setInterval(() => {
      loop.tick();
      this.sweep();
    }, TICK * MILLISECONDS);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** One second of service is over. */
  sweep(): void {
    this.#host.now++;
    ageAll(this.#host.waiting);
    for (const connection of this.#host.connections) {
      if (connection.end === null) this.#look(connection);
    }
  }

  #look(connection: Connection): void {
    if (isExpired(connection)) expire(connection);
    else if (connection.isPaused) this.#lookAgain(connection);
    else this.#judge(connection);
  }

  /** The counts are floors: a second has passed for certain only when the next one began. */
  #judge(connection: Connection): void {
    const record = recordOf(connection);
    if (record !== null) record.pausedAt = null;
    const { idleTimeout, sendPings } = routeOf(connection).options;
    const silent = this.#host.now - connection.seenAt;
    if (idleTimeout > 0 && silent > idleTimeout) return connection.shut(CloseCodes.deadline, 'idle timeout');
    if (!sendPings) return;
    const pingAfter = idleTimeout > 0 ? Math.min(PING_AFTER, Math.ceil(idleTimeout / 2)) : PING_AFTER;
    if (silent > pingAfter + PONG_WITHIN) connection.shut(CloseCodes.deadline, 'no pong');
    else if (silent === pingAfter) connection.ping();
  }

  #lookAgain(connection: Connection): void {
    const record = keepRecord(connection);
    record.pausedAt ??= this.#host.now;
    connection.seenAt = this.#host.now;
    if (this.#host.now - record.pausedAt < LONGEST_PAUSE) return;
    record.pausedAt = null;
    // With each look some more is read; where too much waits already, a ping fails on a peer that has hung up.
    if (isOverloaded(connection, record)) connection.ping();
    else connection.resume();
  }
}
