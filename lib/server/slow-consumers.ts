import { CloseCodes } from '../connection/close-codes.ts';
import type { Connection } from '../connection/connection.ts';
import type { Host } from './host.ts';

/** Knows which connections end because their client is too slow: of a topic's, Bun closes them and does not say why. */
export class SlowConsumers {
  readonly #host: Host;
  readonly #suspects = new WeakSet<object>();
  #isLooking = false;

  constructor(host: Host) {
    this.#host = host;
  }

  /** A frame was left out for it. */
  suspect(connection: object): void {
    this.#suspects.add(connection);
  }

  /** Bun left out a frame for somebody, and closes whose buffer is full once the running code has ended. */
  look(): void {
    if (this.#isLooking) return;
    this.#isLooking = true;
    queueMicrotask(() => {
      this.#isLooking = false;
      for (const connection of this.#host.connections) {
        if (connection.bufferedAmount > connection.route.backpressureLimit) this.suspect(connection);
      }
    });
  }

  /** Whether that is why a connection was closed. */
  wasClosed(connection: Connection): boolean {
    const code = connection.end?.code;
    return (code === CloseCodes.slowConsumer || code === 1006) && this.#suspects.has(connection);
  }
}
