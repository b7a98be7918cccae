import { type Binding, type ModuleNode, reaches } from './graph.ts';
import type { Instance } from './instance.ts';
import type { InstanceCache } from './instance-cache.ts';
import type { Token } from './token.ts';

/** Cleans up after a connection; for providers and controllers of `Scope.CONNECTION`, called after `@OnClose`. */
export interface OnConnectionClose {
  onConnectionClose(): unknown;
}

/** What a connection's scope needs to know of the container it belongs to. */
export interface ScopeOrigin {
  readonly instances: InstanceCache;
  readonly findBinding: (token: Token, module: ModuleNode) => Binding;
  /** Whether a value is a singleton's, which outlives the connection even if a factory of its returned it. */
  readonly isShared: (value: unknown) => boolean;
}

/** One connection's instances: of each connection-scoped provider one, made when it is first needed. */
export class ConnectionScope {
  readonly #origin: ScopeOrigin;
  #disposed: Promise<readonly unknown[]> | undefined;

  constructor(origin: ScopeOrigin) {
    this.#origin = origin;
  }

  /**
   * The instance that a module has for a token: this connection's, or the singleton. It is a promise only
   * when something asynchronous is needed for it.
   *
   * @throws what a constructor or factory threw; it rejects with it when it is a promise
   */
  get<T>(token: Token<T>, module: ModuleNode): T | Promise<T> {
    if (this.#disposed !== undefined) throw new Error("The connection's scope is disposed");
    const { instances, findBinding } = this.#origin;
    const instance = instances.obtain(findBinding(token, module));
    const settled = instances.settle();
    if (settled === undefined) return this.#valueOf(instance) as T;
    return settled.then(() => this.#valueOf(instance) as T);
  }

  /**
   * Calls `onConnectionClose()` and `Symbol.asyncDispose` or `Symbol.dispose` of what was created, the last
   * one first, and returns what they threw. Calling it again changes nothing.
   */
  dispose(): Promise<readonly unknown[]> {
    this.#disposed ??= this.#disposeAll();
    return this.#disposed;
  }

  #valueOf(instance: Instance): unknown {
    // What failed may be the other end of a forward reference: then this instance is not whole.
    const failed = this.#origin.instances.failures.find(({ binding }) => reaches(instance.binding, binding));
    return failed === undefined ? instance.value : failed.value;
  }

  async #disposeAll(): Promise<readonly unknown[]> {
    const { instances, isShared } = this.#origin;
    await instances.settle();
    const values = new Set(instances.created.map(({ value }) => value).reverse());
    const errors: unknown[] = [];
    for (const value of values) {
      if (typeof value !== 'object' || value === null || isShared(value)) continue;
      for (const cleanUp of cleanUpsOf(value)) await cleanUp().catch(error => errors.push(error));
    }
    return errors;
  }
}

function cleanUpsOf(value: object): readonly (() => Promise<unknown>)[] {
  const { onConnectionClose } = value as Partial<OnConnectionClose>;
  const dispose =
    (value as Partial<AsyncDisposable>)[Symbol.asyncDispose] ??
    (value as Partial<Disposable>)[Symbol.dispose];
  return [onConnectionClose, dispose]
    .filter(cleanUp => typeof cleanUp === 'function')
    .map(cleanUp => async () => cleanUp.call(value));
}
