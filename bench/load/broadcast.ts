import { type Address, Client } from './client.ts';
import { Expectation } from './expectation.ts';
import { clientText, serverText } from './frames.ts';
import type { Exchange } from './pipeline.ts';

/** How many messages the speaker sends at a time. */
const BATCH = 4;

/** Subscribers of one topic, the first of which speaks: all of them must get what it says, in order. */
export class Audience {
  readonly #exchanges: readonly Exchange[];
  readonly #clients: Client[] = [];
  readonly #expectations: Expectation[] = [];
  #waiting = 0;
  #said = 0;
  #failure: Error | null = null;
  #heard = Promise.withResolvers<void>();

  private constructor(exchanges: readonly Exchange[]) {
    this.#exchanges = exchanges;
  }

  static async open(address: Address, exchanges: readonly Exchange[], size: number): Promise<Audience> {
    const audience = new Audience(exchanges);
    for (let at = 0; at < size; at++) await audience.#join(address);
    return audience;
  }

  /** Gives the number of messages that were delivered; rejects where one was wrong, also since the last time. */
  async run(messages: number): Promise<number> {
    const rounds = Math.max(1, Math.round(messages / BATCH / this.#clients.length));
    for (let round = 0; round < rounds; round++) await this.#say();
    return rounds * BATCH * this.#clients.length;
  }

  close(): void {
    for (const client of this.#clients) client.terminate();
  }

  async #join(address: Address): Promise<void> {
    const expectation = new Expectation();
    const reader = {
      bytes: (bytes: Buffer) => this.#take(expectation, bytes),
      ended: () => this.#fail(new Error('the server hung up')),
    };
    this.#expectations.push(expectation);
    this.#clients.push(await Client.open(address, reader));
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    this.#heard.reject(error);
  }

  #say(): Promise<void> {
    if (this.#failure !== null) return Promise.reject(this.#failure);
    const exchanges = Array.from({ length: BATCH }, () => this.#nextExchange());
    const frames = Buffer.concat(exchanges.map(({ reply }) => serverText(reply)));
    for (const expectation of this.#expectations) expectation.expect(frames);
    this.#waiting = this.#clients.length;
    this.#heard = Promise.withResolvers();
    this.#clients[0]?.write(Buffer.concat(exchanges.map(({ send }) => clientText(send))));
    return this.#heard.promise;
  }

  #nextExchange(): Exchange {
    return this.#exchanges[this.#said++ % this.#exchanges.length] as Exchange;
  }

  #take(expectation: Expectation, bytes: Buffer): void {
    try {
      expectation.take(bytes);
    } catch (error) {
      return this.#fail(error as Error);
    }
    if (expectation.isMet && --this.#waiting === 0) this.#heard.resolve();
  }
}
