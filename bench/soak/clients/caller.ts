import type { Stage } from './stage.ts';
import { ANSWER_WITHIN, type Wire } from './wire.ts';

/** A frame of the server. */
export interface Incoming {
  readonly event?: string;
  readonly id?: string | number;
  readonly data?: unknown;
  readonly error?: { readonly code: string };
  readonly next?: unknown;
  readonly done?: boolean;
}

/** The reply to a message; `null` where the connection ended before. */
export type Reply = Incoming | null;

interface Awaited {
  readonly id: string | number;
  readonly resolve: (reply: Reply) => void;
}

interface Outgoing {
  readonly event: string;
  readonly data: unknown;
  readonly id: string | number;
}

/** Asks on a connection, and checks that every message has one reply, in order. */
export class Caller {
  readonly wire: Wire;
  /** Takes events and requests of the server. */
  onEvent: (frame: Incoming) => void = () => {};
  /** Takes items of streams. */
  onItem: (frame: Incoming) => void = () => {};
  readonly #stage: Stage;
  readonly #name: string;
  /** In the order of their messages. */
  readonly #awaited: Awaited[] = [];
  /** Replies that other messages may overtake. */
  readonly #loose = new Map<string, Awaited>();
  #lastId = 0;

  constructor(stage: Stage, wire: Wire, name: string) {
    this.#stage = stage;
    this.#name = name;
    this.wire = wire;
    wire.listen(text => this.#take(JSON.parse(text)));
    void wire.ended.then(() => {
      for (const { resolve } of [...this.#awaited.splice(0), ...this.#loose.values()]) resolve(null);
    });
  }

  /** Sends a message and waits for its reply, which comes in the order of the messages. */
  ask(event: string, data: unknown): Promise<Reply> {
    const id = ++this.#lastId;
    return this.#send({ event, data, id }, awaited => this.#awaited.push({ ...awaited, id }));
  }

  /** Sends a message whose answer may be a stream, and waits for the end of it. */
  follow(event: string, data: unknown): { readonly id: string; readonly end: Promise<Reply> } {
    const id = `stream ${++this.#lastId}`;
    const end = this.#send({ event, data, id }, awaited => this.#loose.set(id, { ...awaited, id }));
    return { id, end };
  }

  /** Sends a frame that nobody answers. */
  tell(frame: object): void {
    this.#stage.run.report.count('messages');
    this.wire.sendText(JSON.stringify(frame));
  }

  /** Waits for the end, and checks that the server only closed it with one of these, if it did. */
  async ended(allowed: readonly number[] = []): Promise<void> {
    const timer = setTimeout(() => {
      this.violate('the connection did not end');
      this.wire.destroy();
    }, ANSWER_WITHIN);
    const { code, isByServer } = await this.wire.ended;
    clearTimeout(timer);
    this.#stage.run.report.count(isByServer ? `closed with ${code}` : 'closed by the client');
    if (isByServer && !allowed.includes(code)) this.violate(`the server closed with ${code}`);
  }

  violate(text: string): void {
    this.#stage.run.report.violate(`${this.#name}: ${text}`);
  }

  async #send(frame: Outgoing, keep: (awaited: Omit<Awaited, 'id'>) => void): Promise<Reply> {
    if (!this.wire.isOpen) return null;
    const { promise, resolve } = Promise.withResolvers<Reply>();
    keep({ resolve });
    this.tell(frame);
    const timer = setTimeout(() => {
      this.violate(
        `"${frame.event}" was not answered within ${ANSWER_WITHIN} ms, with ${this.#awaited.length} others`,
      );
      this.wire.destroy();
    }, ANSWER_WITHIN);
    const reply = await promise;
    clearTimeout(timer);
    return reply;
  }

  #take(frame: Incoming): void {
    this.#stage.run.report.count('frames');
    if (frame.event !== undefined) this.onEvent(frame);
    else if (typeof frame.id === 'string') this.#takeLoose(frame.id, frame);
    else this.#takeNext(frame);
  }

  #takeNext(frame: Incoming): void {
    const awaited = this.#awaited.shift();
    if (awaited?.id !== frame.id) {
      this.violate(`reply ${frame.id} came instead of ${awaited?.id ?? 'none'}`);
    }
    awaited?.resolve(frame);
  }

  #takeLoose(id: string, frame: Incoming): void {
    if (frame.next !== undefined) return this.onItem(frame);
    const awaited = this.#loose.get(id);
    if (awaited === undefined) return this.violate(`"${id}" was answered twice`);
    this.#loose.delete(id);
    awaited.resolve(frame);
  }
}
