import { AsyncLocalStorage } from 'node:async_hooks';
import type { Connection } from '../connection/connection.ts';
import type { Handshake } from '../connection/handshake.ts';
import type { Phase } from './execution-context.ts';

/** What is going on: the connection, the part of its life, and the event of a message. */
export interface CurrentEvent {
  readonly phase: Phase;
  readonly handshake: Handshake;
  /** `undefined` during the upgrade. */
  readonly connection: Connection | undefined;
  /** The name of the event on an events route. */
  readonly event: string | undefined;
}

/**
 * Tells any service which connection and event it works for, without being passed them. It follows awaits and timers;
 * where nothing of a connection runs, everything is `undefined`.
 *
 * It is kept only in an application that injects it somewhere: following a message costs some 30 ns.
 *
 * @example
 * ```ts
 * @Injectable()
 * class AuditLog {
 *   constructor(private readonly context: EventContext) {}
 *   write(text: string) {
 *     console.log(this.context.connection?.id, this.context.event, text);
 *   }
 * }
 * ```
 */
export class EventContext {
  readonly #storage = new AsyncLocalStorage<CurrentEvent>();

  /** Everything of the current event; `undefined` outside of any. */
  get current(): CurrentEvent | undefined {
    return this.#storage.getStore();
  }

  /** The connection; `undefined` during the upgrade and outside of any event. */
  get connection(): Connection | undefined {
    return this.current?.connection;
  }

  /** The HTTP side of the connection, during the upgrade too. */
  get handshake(): Handshake | undefined {
    return this.current?.handshake;
  }

  /** The name of the event that is handled. */
  get event(): string | undefined {
    return this.current?.event;
  }

  /** The part of the connection's life. */
  get phase(): Phase | undefined {
    return this.current?.phase;
  }

  /** @internal Runs what belongs to an event. */
  run<Result>(event: CurrentEvent, callback: () => Result): Result {
    return this.#storage.run(event, callback);
  }
}
