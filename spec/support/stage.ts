import { until } from './deadline.ts';

/** What a spec holds back until it says so, and what happened in which order. */
export class Stage {
  readonly events: string[] = [];
  readonly #gates = new Map<string, PromiseWithResolvers<void>>();

  async run(name: string): Promise<string> {
    this.events.push(`start ${name}`);
    await this.#gate(name).promise;
    this.events.push(`end ${name}`);
    return name;
  }

  async reached(event: string): Promise<void> {
    await until(() => this.events.includes(event), `"${event}" did not happen`);
  }

  finish(...names: string[]): void {
    for (const name of names) this.#gate(name).resolve();
  }

  #gate(name: string): PromiseWithResolvers<void> {
    const gate = this.#gates.get(name) ?? Promise.withResolvers<void>();
    this.#gates.set(name, gate);
    return gate;
  }
}
