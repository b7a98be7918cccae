import { Injectable } from 'gatewire';

/** What of the application's own was begun, and what of that has ended. */
@Injectable()
export class Tally {
  opened = 0;
  closed = 0;
  scopesMade = 0;
  scopesDisposed = 0;
  streamsBegun = 0;
  streamsEnded = 0;
  /** Handlers that began after the end of their session. */
  handledLate = 0;
  /** Times that a service did not know which connection it works for. */
  contextsLost = 0;
  /** Connections whose object was collected. */
  collected = 0;
  readonly #registry = new FinalizationRegistry<null>(() => this.collected++);

  /** Notices when an object is garbage. */
  watch(object: object): void {
    this.#registry.register(object, null);
  }
}
