import type { Binding } from './graph.ts';
import { createStandIn, replaceStandIn } from './stand-in.ts';

/** One instance of a binding, from the moment someone needs it: to be created, on its way, there or failed. */
export class Instance {
  readonly binding: Binding;
  /** The instance that a transient one is made for. */
  readonly inquirer: Instance | undefined;
  state: 'new' | 'creating' | 'ready' | 'failed' = 'new';
  /** Ends when it is ready or failed, and never rejects; `undefined` when that was so at once. */
  settled: Promise<void> | undefined;
  #value: unknown;
  #error: unknown;
  #standIn: object | undefined;
  readonly #holders: Instance[] = [];

  constructor(binding: Binding, inquirer?: Instance) {
    this.binding = binding;
    this.inquirer = inquirer;
  }

  /** What to wait for, while there is something. */
  get pending(): Promise<void> | undefined {
    return this.state === 'creating' ? this.settled : undefined;
  }

  get error(): unknown {
    return this.#error;
  }

  /**
   * The value that was created.
   *
   * @throws what the constructor or the factory threw, or an Error when it was not created yet
   */
  get value(): unknown {
    if (this.state === 'ready') return this.#value;
    if (this.state === 'failed') throw this.#error;
    throw new Error(`${this.binding.name} is not created yet. Get it in onModuleInit() or later`);
  }

  finish(value: unknown): void {
    this.#value = value;
    this.state = 'ready';
    for (const holder of this.#holders) this.#replaceIn(holder);
  }

  fail(error: unknown): void {
    this.#error = error;
    this.state = 'failed';
  }

  /** What an instance gets that is created before this one: this one if it is there, else a stand-in. */
  valueFor(holder: Instance): unknown {
    if (this.state === 'ready') return this.#value;
    const { name, source } = this.binding;
    this.#standIn ??= createStandIn({
      name,
      type: source.kind === 'class' ? source.type : undefined,
      current: () => (this.state === 'ready' ? { instance: this.#value as object } : undefined),
    });
    this.#holders.push(holder);
    return this.#standIn;
  }

  #replaceIn(holder: Instance): void {
    if (holder.state === 'ready' && this.#standIn !== undefined) {
      replaceStandIn(holder.#value, this.#standIn, this.#value);
    }
  }
}
