import { ConfigurationError, type Mistake } from '../errors.ts';
import type { ModuleNode } from './graph.ts';
import type { Instance } from './instance.ts';
import { lifecycleStages, type Member } from './lifecycle-stages.ts';
import { endsWithin, LifecycleTimeout, timeoutFix } from './lifecycle-timeout.ts';
import { causeOf } from './provider-failure.ts';

/** Called once everything is created, the modules that others import first; a promise is awaited. */
export interface OnModuleInit {
  onModuleInit(): unknown;
}

/** Called after every `onModuleInit()`, before anything is served. */
export interface OnApplicationBootstrap {
  onApplicationBootstrap(): unknown;
}

/** Called first when the application closes, in the reverse order of `onModuleInit()`. */
export interface OnModuleDestroy {
  onModuleDestroy(): unknown;
}

/** Called after every `onModuleDestroy()`. */
export interface BeforeApplicationShutdown {
  /** Gets the signal that ends the process, if one does. */
  beforeApplicationShutdown(signal?: string): unknown;
}

/** Called last. */
export interface OnApplicationShutdown {
  /** Gets the signal that ends the process, if one does. */
  onApplicationShutdown(signal?: string): unknown;
}

type StartHook = 'onModuleInit' | 'onApplicationBootstrap';
type ShutdownHook = 'onModuleDestroy' | 'beforeApplicationShutdown' | 'onApplicationShutdown';

interface Failure {
  readonly member: Member;
  readonly error: unknown;
}

/** Calls the lifecycle hooks of what was created, in NestJS's order, those of each object once. */
export class Lifecycle {
  readonly #modules: readonly ModuleNode[];
  readonly #created: readonly Instance[];
  readonly #timeout: number;
  readonly #initialised = new Set<object>();

  /** `created` may still grow; it is read when a hook runs. `timeout`: seconds that each hook has. */
  constructor(modules: readonly ModuleNode[], created: readonly Instance[], timeout: number) {
    this.#modules = modules;
    this.#created = created;
    this.#timeout = timeout;
  }

  /**
   * Runs a hook of the start: the farthest modules first, and within one what others depend on first.
   *
   * @throws ConfigurationError with what failed; what comes later is not called then
   */
  async start(hook: StartHook): Promise<void> {
    for (const members of lifecycleStages(this.#modules, this.#created, Number.POSITIVE_INFINITY)) {
      const failures = await callAll(members, hook, { timeout: this.#timeout });
      const failed = new Set(failures.map(({ member }) => member));
      for (const member of members) if (!failed.has(member)) this.#initialised.add(member.object);
      if (failures.length > 0) throw hookError(hook, failures);
    }
  }

  /** Runs a hook of the shutdown in the reverse order, on what was initialised, and returns what they threw. */
  async shutDown(hook: ShutdownHook, signal?: string): Promise<readonly unknown[]> {
    const errors: unknown[] = [];
    for (const members of lifecycleStages(this.#modules, this.#created, 0).toReversed()) {
      const initialised = members.filter(this.#isInitialised);
      const failures = await callAll(initialised, hook, { signal, timeout: this.#timeout });
      errors.push(...failures.map(failure => named(hook, failure)));
    }
    return errors;
  }

  // Without an onModuleInit(), an object was ready when it was created.
  readonly #isInitialised = ({ object }: Member): boolean =>
    this.#initialised.has(object) || !('onModuleInit' in object);
}

/** Runs one hook on all of them at the same time. */
async function callAll(
  members: readonly Member[],
  hook: StartHook | ShutdownHook,
  { signal, timeout }: { readonly signal?: string | undefined; readonly timeout: number },
): Promise<readonly Failure[]> {
  const calls = members.map(async (member): Promise<readonly Failure[]> => {
    const method = (member.object as Record<string, unknown>)[hook];
    if (typeof method !== 'function') return [];
    try {
      const result = method.call(member.object, ...(signal === undefined ? [] : [signal]));
      await endsWithin(Promise.resolve(result), timeout);
      return [];
    } catch (error) {
      return [{ member, error }];
    }
  });
  return (await Promise.all(calls)).flat();
}

/** The stack of what was thrown says where; that a hook has not ended says nothing of which. */
function named(hook: ShutdownHook, { member, error }: Failure): unknown {
  if (!(error instanceof LifecycleTimeout)) return error;
  return new Error(`${member.name}.${hook}() has ${error.message}`);
}

function hookError(hook: StartHook, failures: readonly Failure[]): ConfigurationError {
  const mistakes = failures.map(
    ({ member, error }): Mistake => ({
      code: 'GATEWIRE_PROVIDER_FAILED',
      where: `${member.name}.${hook}()`,
      what: 'the hook failed',
      got: String(error),
      fix: timeoutFix(error) ?? 'Correct what it does, or catch what may fail there',
    }),
  );
  return new ConfigurationError(mistakes, { cause: causeOf(failures.map(({ error }) => error)) });
}
