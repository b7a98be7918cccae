import { Handshake, Injectable, type OnConnectionClose, Scope } from 'gatewire';
import { ChaosError } from './chaos.ts';
import { Tally } from './tally.ts';

/** Made first of a connection's own, and disposed last, synchronously. */
@Injectable({ scope: Scope.CONNECTION })
export class Drawer implements Disposable {
  readonly #tally: Tally;

  constructor(tally: Tally) {
    this.#tally = tally;
    tally.scopesMade++;
  }

  [Symbol.dispose]() {
    this.#tally.scopesDisposed++;
  }
}

/** A connection's own; its constructor and its end throw where the client asks for it. */
@Injectable({ scope: Scope.CONNECTION })
export class Desk implements OnConnectionClose, AsyncDisposable {
  readonly #tally: Tally;
  readonly #chaos: unknown;

  constructor(
    tally: Tally,
    readonly drawer: Drawer,
    handshake: Handshake,
  ) {
    this.#tally = tally;
    this.#chaos = handshake.query.desk;
    if (this.#chaos === 'breaks') throw new ChaosError('the desk breaks');
    tally.scopesMade++;
  }

  onConnectionClose() {
    if (this.#chaos === 'ends badly') throw new ChaosError('the desk ends badly');
  }

  async [Symbol.asyncDispose]() {
    await Promise.resolve();
    this.#tally.scopesDisposed++;
  }
}
