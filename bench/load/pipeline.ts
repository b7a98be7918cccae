import { type Address, Client } from './client.ts';
import { Expectation } from './expectation.ts';
import { clientText, serverText } from './frames.ts';

/** A message and the one right reply to it. */
export interface Exchange {
  readonly send: string;
  readonly reply: string;
}

/** Messages that are written together, and their replies in order. */
interface Batch {
  readonly request: Buffer;
  readonly reply: Buffer;
}

/** Connections over which exchanges run, a batch of them at a time on each. */
export class Pipeline {
  readonly batchSize: number;
  readonly #lanes: readonly Lane[];

  private constructor(lanes: readonly Lane[], batchSize: number) {
    this.#lanes = lanes;
    this.batchSize = batchSize;
  }

  /** Opens one connection for each address. */
  static async open(
    addresses: readonly Address[],
    exchanges: readonly Exchange[],
    batchSize: number,
  ): Promise<Pipeline> {
    const batches: Batch[] = [];
    for (let at = 0; at + batchSize <= exchanges.length; at += batchSize) {
      batches.push(toBatch(exchanges.slice(at, at + batchSize)));
    }
    const lanes = addresses.map((address, at) => Lane.open(address, batches, at));
    return new Pipeline(await Promise.all(lanes), batchSize);
  }

  /** Runs at least that many exchanges and gives how many; rejects at the first wrong reply. */
  async run(exchanges: number): Promise<number> {
    const each = Math.max(1, Math.round(exchanges / this.batchSize / this.#lanes.length));
    await Promise.all(this.#lanes.map(lane => lane.run(each)));
    return each * this.batchSize * this.#lanes.length;
  }

  close(): void {
    for (const lane of this.#lanes) lane.close();
  }
}

/** One connection of a pipeline: the next batch goes out when the last one has been answered in full. */
class Lane {
  readonly #batches: readonly Batch[];
  readonly #expectation = new Expectation();
  #client: Client | null = null;
  #next: number;
  #left = 0;
  #running = Promise.withResolvers<void>();

  private constructor(batches: readonly Batch[], first: number) {
    this.#batches = batches;
    this.#next = first;
  }

  static async open(address: Address, batches: readonly Batch[], first: number): Promise<Lane> {
    const lane = new Lane(batches, first);
    const reader = {
      bytes: (bytes: Buffer) => lane.#take(bytes),
      ended: () => lane.#fail(new Error('the server hung up')),
    };
    lane.#client = await Client.open(address, reader);
    return lane;
  }

  run(batches: number): Promise<void> {
    this.#left = batches;
    this.#running = Promise.withResolvers<void>();
    this.#send();
    return this.#running.promise;
  }

  close(): void {
    this.#client?.terminate();
  }

  #send(): void {
    const batch = this.#batches[this.#next++ % this.#batches.length] as Batch;
    this.#left--;
    this.#expectation.expect(batch.reply);
    this.#client?.write(batch.request);
  }

  #take(bytes: Buffer): void {
    try {
      this.#expectation.take(bytes);
    } catch (error) {
      return this.#fail(error);
    }
    if (!this.#expectation.isMet) return;
    if (this.#left > 0) this.#send();
    else this.#running.resolve();
  }

  #fail(error: unknown): void {
    this.#running.reject(error);
  }
}

function toBatch(exchanges: readonly Exchange[]): Batch {
  return {
    request: Buffer.concat(exchanges.map(({ send }) => clientText(send))),
    reply: Buffer.concat(exchanges.map(({ reply }) => serverText(reply))),
  };
}
