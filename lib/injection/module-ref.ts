import type { Token, Type } from './token.ts';

/** Where a lookup searches. */
export interface LookupOptions {
  /** Whether only what this module may inject is found. Default `true` in a `ModuleRef`. */
  readonly strict?: boolean;
}

/** What a `ModuleRef` asks the container for, on behalf of its module. */
export interface ModuleLookup {
  get(token: Token, isStrict: boolean): unknown;
  resolve(token: Token, isStrict: boolean): Promise<unknown>;
  create(type: Type): Promise<unknown>;
}

/** Looks providers up at run time, on behalf of the module it is injected in. */
export class ModuleRef {
  readonly #lookup: ModuleLookup;

  /** @internal */
  constructor(lookup: ModuleLookup) {
    this.#lookup = lookup;
  }

  /**
   * The instance of a singleton. `{ strict: false }` searches every module.
   *
   * @throws Error when there is no such provider, when it is not created yet (call it in `onModuleInit()` or
   * later) or when it is no singleton.
   */
  get<T = unknown>(token: Token<T>, { strict = true }: LookupOptions = {}): T {
    return this.#lookup.get(token, strict) as T;
  }

  /** A new instance of a transient or connection-scoped provider at each call, or that of a singleton. */
  async resolve<T = unknown>(token: Token<T>, { strict = true }: LookupOptions = {}): Promise<T> {
    return (await this.#lookup.resolve(token, strict)) as T;
  }

  /** A new instance of a class that no module provides, with what this module may inject. */
  async create<T>(type: Type<T>): Promise<T> {
    return (await this.#lookup.create(type)) as T;
  }
}
