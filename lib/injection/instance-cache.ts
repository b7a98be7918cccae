import { isSingleton } from './check-scopes.ts';
import { construct, promiseOf } from './construct.ts';
import { type Binding, type Dependency, followAliases, type ModuleNode } from './graph.ts';
import { Instance } from './instance.ts';
import { endsWithin } from './lifecycle-timeout.ts';
import type { ModuleRef } from './module-ref.ts';
import { Scope } from './scope.ts';
import type { Token } from './token.ts';

/** What the instances of a cache are made from, beside their bindings. */
export interface InstanceOrigin {
  /** The singletons, when this cache holds something else. */
  readonly singletons?: InstanceCache;
  /** The values of a connection, by token. */
  readonly given?: ReadonlyMap<Token, unknown>;
  readonly createModuleRef: (module: ModuleNode) => ModuleRef;
  /** Seconds that each factory has, where something else does not bound them; 0 is for ever. */
  readonly timeout?: number;
}

/** A dependency on its way into a constructor. */
interface Argument {
  /** What has to be there first; nothing for one that is not waited for. */
  readonly needed: Instance | undefined;
  readonly read: () => unknown;
}

/**
 * The instances of one scope: the application's, or a connection's. Each binding has one in it, a transient
 * one as many as ask for it. As long as no factory is asynchronous, everything is created at once.
 */
export class InstanceCache {
  /** Those that were created here, in that order; values that existed before are not among them. */
  readonly created: Instance[] = [];
  /** Those whose own constructor or factory failed. */
  readonly failures: Instance[] = [];
  readonly #origin: InstanceOrigin;
  readonly #instances = new Map<Binding, Instance>();
  readonly #values = new Set<unknown>();
  readonly #started: Instance[] = [];
  /** Ends of forward references, to be created once the instance that needed them is under way. */
  readonly #deferred: Instance[] = [];

  constructor(origin: InstanceOrigin) {
    this.#origin = origin;
  }

  /** The instance of a binding, created if it is not there; with an asynchronous factory it is pending. */
  obtain(binding: Binding): Instance {
    const instance = this.#instanceOf(followAliases(binding));
    this.#start(instance);
    for (let next = this.#deferred.pop(); next !== undefined; next = this.#deferred.pop()) this.#start(next);
    return instance;
  }

  /** A singleton that is there already: whoever waited for one while it is created might wait for itself. */
  existing(binding: Binding): Instance {
    const instance = this.#instances.get(binding);
    if (instance?.state === 'ready' || instance?.state === 'failed') return instance;
    const missing = new Instance(binding);
    missing.fail(
      new Error(`${binding.name} is not created yet. Ask for what needs it in onModuleInit() or later`),
    );
    return missing;
  }

  /** Whether a value was created here. */
  owns(value: unknown): boolean {
    return this.#values.has(value);
  }

  /** Ends when nothing is on its way; `undefined` when that is so already. */
  settle(): Promise<unknown> | undefined {
    const pending = this.#started.flatMap(instance => instance.pending ?? []);
    return pending.length === 0 ? undefined : Promise.all(pending);
  }

  #instanceOf(binding: Binding, inquirer?: Instance): Instance {
    const { singletons } = this.#origin;
    if (binding.scope === Scope.TRANSIENT) return new Instance(binding, inquirer);
    if (singletons !== undefined && isSingleton(binding)) return singletons.existing(binding);
    const instance = this.#instances.get(binding) ?? new Instance(binding);
    this.#instances.set(binding, instance);
    return instance;
  }

  #start(instance: Instance): void {
    if (instance.state !== 'new') return;
    instance.state = 'creating';
    this.#started.push(instance);
    const passed = instance.binding.dependencies.map(dependency => this.#argument(dependency, instance));
    const pending = passed.flatMap(({ needed }) => needed?.pending ?? []);
    const build = () => this.#build(instance, passed);
    instance.settled = pending.length === 0 ? build() : Promise.all(pending).then(build);
  }

  #argument({ binding, isDeferred }: Dependency, asking: Instance): Argument {
    if (binding === undefined) return { needed: undefined, read: () => undefined };
    const target = followAliases(binding);
    if (target.source.kind === 'inquirer') {
      return { needed: undefined, read: () => asking.inquirer?.valueFor(asking) };
    }
    const instance = this.#instanceOf(target, asking);
    if (isDeferred) {
      this.#deferred.push(instance);
      return { needed: undefined, read: () => instance.valueFor(asking) };
    }
    this.#start(instance);
    return { needed: instance, read: () => instance.value };
  }

  #build(instance: Instance, passed: readonly Argument[]): Promise<void> | undefined {
    const failed = passed.find(({ needed }) => needed?.state === 'failed');
    if (failed !== undefined) {
      instance.fail(failed.needed?.error);
      return undefined;
    }
    try {
      const made = this.#make(
        instance.binding,
        passed.map(({ read }) => read()),
      );
      const promise = promiseOf(instance.binding, made);
      if (promise !== undefined) return this.#await(instance, promise);
      this.#finish(instance, made);
    } catch (error) {
      this.#fail(instance, error);
    }
    return undefined;
  }

  async #await(instance: Instance, promise: PromiseLike<unknown>): Promise<void> {
    try {
      this.#finish(instance, await endsWithin(promise, this.#origin.timeout ?? 0));
    } catch (error) {
      this.#fail(instance, error);
    }
  }

  #make(binding: Binding, values: readonly unknown[]): unknown {
    const { source, module, token, name } = binding;
    if (source.kind === 'moduleRef') return this.#origin.createModuleRef(module);
    if (source.kind !== 'given') return construct(binding, values);
    const { given } = this.#origin;
    if (given?.has(token)) return given.get(token);
    throw new Error(`${name} exists only while a connection is served`);
  }

  #finish(instance: Instance, value: unknown): void {
    instance.finish(value);
    const { kind } = instance.binding.source;
    if (kind === 'given' || kind === 'moduleRef') return;
    this.created.push(instance);
    this.#values.add(value);
  }

  #fail(instance: Instance, error: unknown): void {
    instance.fail(error);
    this.failures.push(instance);
  }
}
