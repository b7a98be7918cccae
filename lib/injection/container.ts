import { ConfigurationError, type Mistake } from '../errors.ts';
import { bindLoose } from './bind-loose.ts';
import { checkGraph } from './check-graph.ts';
import { isSingleton } from './check-scopes.ts';
import { ConnectionScope } from './connection-scope.ts';
import { type Binding, bindingsOf, followAliases, type ModuleGraph, type ModuleNode } from './graph.ts';
import { InstanceCache } from './instance-cache.ts';
import { Lifecycle } from './lifecycle.ts';
import { findAnywhere, findInModule, requireSingleton } from './lookup.ts';
import type { Mocker } from './mock-missing.ts';
import { ModuleRef } from './module-ref.ts';
import type { OverrideOptions } from './overrides.ts';
import { providerFailure } from './provider-failure.ts';
import { type ScanOptions, scanModules } from './scan-modules.ts';
import type { Token, Type } from './token.ts';

/** What a test puts in the place of something, or where there is nothing. */
export interface Replacements extends OverrideOptions {
  /** Makes what no module provides. */
  readonly mocker?: Mocker;
}

/** What surrounds the modules, and where mistakes go. */
export interface ContainerOptions extends ScanOptions, Replacements {
  /** Gets every mistake; without it they are thrown. With mistakes, nothing can be instantiated. */
  readonly mistakes?: Mistake[];
  /** Seconds that each dynamic module, factory and hook has; without it, or with 0, for ever. */
  readonly startTimeout?: number;
}

/** A class of a module's `controllers`, and that module. */
export interface ControllerEntry {
  readonly type: Type;
  readonly module: ModuleNode;
}

/**
 * The providers and controllers of an application.
 *
 * `Container.create()` reads and checks all of them without creating any; then come `instantiate()`, `init()`
 * and `bootstrap()`, in this order, and `destroy()` at the end, also when one of them failed.
 */
export class Container {
  readonly #graph: ModuleGraph;
  readonly #mistakes: readonly Mistake[];
  readonly #singletons: InstanceCache;
  readonly #lifecycle: Lifecycle;
  #destroyed: Promise<readonly unknown[]> | undefined;

  private constructor(graph: ModuleGraph, mistakes: readonly Mistake[], timeout: number) {
    this.#graph = graph;
    this.#mistakes = mistakes;
    this.#singletons = new InstanceCache({ createModuleRef: this.#createModuleRef, timeout });
    this.#lifecycle = new Lifecycle(graph.modules, this.#singletons.created, timeout);
  }

  /**
   * Scans all modules from the root on and links what they provide; of the user's code only what makes
   * dynamic modules runs.
   *
   * @throws ConfigurationError with every mistake that was found, unless `options.mistakes` takes them
   */
  static async create(root: unknown, options: ContainerOptions = {}): Promise<Container> {
    const mistakes: Mistake[] = [];
    const graph = await scanModules(root, options, mistakes);
    mistakes.push(...checkGraph(graph, options.mocker));
    options.mistakes?.push(...mistakes);
    if (options.mistakes === undefined && mistakes.length > 0) throw new ConfigurationError(mistakes);
    return new Container(graph, mistakes, options.startTimeout ?? 0);
  }

  /** Every module, the root first. */
  get modules(): readonly ModuleNode[] {
    return this.#graph.modules;
  }

  /** Every controller, in the order of the modules. */
  get controllers(): readonly ControllerEntry[] {
    return this.modules.flatMap(module => [...module.controllers.keys()].map(type => ({ type, module })));
  }

  /** The providers of a token of which all are kept; each has a token of its own to get it by. */
  collected(token: Token): readonly Binding[] {
    return this.#graph.collected.get(token) ?? [];
  }

  /**
   * Creates all singletons, each once and after what it depends on; what is asynchronous runs side by side.
   *
   * @throws ConfigurationError with every constructor and factory that failed, once all others have ended
   */
  async instantiate(): Promise<void> {
    if (this.#mistakes.length > 0) throw new ConfigurationError(this.#mistakes);
    for (const binding of this.modules.flatMap(bindingsOf)) {
      if (isSingleton(binding)) this.#singletons.obtain(binding);
    }
    await this.#singletons.settle();
    const { failures } = this.#singletons;
    if (failures.length > 0) throw providerFailure(failures);
  }

  /** Runs every `onModuleInit()`. @throws ConfigurationError when one fails */
  init(): Promise<void> {
    return this.#lifecycle.start('onModuleInit');
  }

  /** Runs every `onApplicationBootstrap()`. @throws ConfigurationError when one fails */
  bootstrap(): Promise<void> {
    return this.#lifecycle.start('onApplicationBootstrap');
  }

  /**
   * Runs the three hooks of the shutdown on what was created and initialised, and returns what they threw:
   * a failing hook stops no other. Calling it again changes nothing.
   */
  destroy(signal?: string): Promise<readonly unknown[]> {
    this.#destroyed ??= this.#shutDown(signal);
    return this.#destroyed;
  }

  /**
   * A singleton by its token: the one the root module may inject, else the first that any module has.
   *
   * @throws Error when there is none, when it is not created yet, or when it is no singleton
   */
  get<T = unknown>(token: Token<T>): T {
    return this.#singleton(findAnywhere(this.#graph, token)) as T;
  }

  /** A new instance of a transient or connection-scoped provider at each call, or that of a singleton. */
  async resolve<T = unknown>(token: Token<T>, module?: ModuleNode): Promise<T> {
    return (await this.#resolve(
      module === undefined ? findAnywhere(this.#graph, token) : findInModule(this.#graph, token, module),
    )) as T;
  }

  /** The singleton that a module has for a token, which may be a controller. @throws as `get()` does */
  instance<T = unknown>(token: Token<T>, module: ModuleNode): T {
    return this.#singleton(findInModule(this.#graph, token, module)) as T;
  }

  /** Whether what a module has for a token can exist only within a connection's scope. */
  isConnectionScoped(token: Token, module: ModuleNode): boolean {
    return findInModule(this.#graph, token, module).needsConnection;
  }

  /** Whether anything of the application injects a token. */
  isInjected(token: Token): boolean {
    const bindings = this.modules.flatMap(bindingsOf);
    return bindings.some(({ dependencies }) => dependencies.some(({ binding }) => binding?.token === token));
  }

  /** The scope of one connection, with the values that its providers may inject by their tokens. */
  createScope(values: ReadonlyMap<Token, unknown> = new Map()): ConnectionScope {
    return new ConnectionScope({
      instances: this.#createCache(values),
      findBinding: (token, module) => findInModule(this.#graph, token, module),
      isShared: value => this.#singletons.owns(value),
    });
  }

  readonly #createModuleRef = (module: ModuleNode): ModuleRef =>
    new ModuleRef({
      get: (token, isStrict) => this.#singleton(this.#lookUp(token, module, isStrict)),
      resolve: (token, isStrict) => this.#resolve(this.#lookUp(token, module, isStrict)),
      create: async type => this.#resolve(bindLoose(type, module, this.#graph)),
    });

  #lookUp(token: Token, module: ModuleNode, isStrict: boolean): Binding {
    return isStrict ? findInModule(this.#graph, token, module) : findAnywhere(this.#graph, token);
  }

  #singleton(binding: Binding): unknown {
    return this.#singletons.existing(requireSingleton(binding)).value;
  }

  async #resolve(binding: Binding): Promise<unknown> {
    if (isSingleton(followAliases(binding))) return this.#singleton(binding);
    const instances = this.#createCache();
    const instance = instances.obtain(binding);
    await instances.settle();
    for (const failed of instances.failures) throw failed.error;
    return instance.value;
  }

  #createCache(given?: ReadonlyMap<Token, unknown>): InstanceCache {
    return new InstanceCache({
      singletons: this.#singletons,
      createModuleRef: this.#createModuleRef,
      ...(given === undefined ? {} : { given }),
    });
  }

  async #shutDown(signal: string | undefined): Promise<readonly unknown[]> {
    return [
      ...(await this.#lifecycle.shutDown('onModuleDestroy')),
      ...(await this.#lifecycle.shutDown('beforeApplicationShutdown', signal)),
      ...(await this.#lifecycle.shutDown('onApplicationShutdown', signal)),
    ];
  }
}
