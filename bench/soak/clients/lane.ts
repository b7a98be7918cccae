import { Caller, type Incoming, type Reply } from './caller.ts';
import type { Stage } from './stage.ts';

/** How a connection is to be made: what its guard and its own providers do, and how long its session is. */
export interface LaneOptions {
  readonly guard?: string;
  readonly desk?: string;
  readonly user?: string;
  /** Milliseconds. */
  readonly lasts?: number;
}

/** Of these the open hook throws (`LaneController`). */
const OPEN_FAILS = 97;
const INTERNAL = 1011;

/** A connection to the route with everything. */
export class Lane {
  readonly caller: Caller;
  readonly key: number;
  readonly #stage: Stage;
  #commands = 0;
  #shouts = 0;

  private constructor(stage: Stage, key: number, caller: Caller) {
    this.#stage = stage;
    this.key = key;
    this.caller = caller;
  }

  /** `null` where it was refused, which is a violation. */
  static async open(stage: Stage, options: LaneOptions = {}): Promise<Lane | null> {
    const key = stage.run.nextKey();
    const wire = await stage.open(pathOf(key, options));
    if (wire.status === 101) return new Lane(stage, key, new Caller(stage, wire, `connection ${key}`));
    stage.run.report.violate(`connection ${key} was refused with ${wire.status}`);
    return null;
  }

  get isOpen(): boolean {
    return this.caller.wire.isOpen;
  }

  /** Gives a command; its acknowledgement goes into the journal. */
  async put(takes: number): Promise<void> {
    const command = ++this.#commands;
    const reply = await this.caller.ask('put', { command, takes });
    if (reply === null) return;
    if (reply.data !== command) return this.caller.violate(`command ${command} got ${JSON.stringify(reply)}`);
    this.#stage.run.acknowledged.add(this.key, command);
    this.#stage.run.report.count('acknowledged');
  }

  /** Asks for what must fail with one of these codes. */
  async fail(event: string, data: unknown, codes: readonly string[]): Promise<Reply> {
    const reply = await this.caller.ask(event, data);
    const code = reply?.error?.code;
    if (reply !== null && (code === undefined || !codes.includes(code))) {
      this.caller.violate(`"${event}" got ${JSON.stringify(reply)} instead of ${codes.join(' or ')}`);
    }
    return reply;
  }

  shout(topic: string): void {
    this.caller.tell({ event: 'shout', data: { topic, number: ++this.#shouts } });
  }

  /** Answers what the server asks. */
  answer({ id, event }: Incoming): void {
    if (event === 'question') this.caller.tell({ id, data: 'answer' });
  }

  close(): Promise<void> {
    this.caller.wire.close();
    return this.ended();
  }

  /** Waits for the end, and checks that the server had a reason for it. */
  ended(allowed: readonly number[] = []): Promise<void> {
    return this.caller.ended(this.key % OPEN_FAILS === 0 ? [...allowed, INTERNAL] : allowed);
  }
}

/** The query of a connection to the route with everything. */
export function pathOf(key: number, options: LaneOptions): string {
  const query = new URLSearchParams({ key: String(key), user: `user ${key}` });
  for (const [name, value] of Object.entries(options)) query.set(name, String(value));
  return `${key % 3 === 0 ? '/measured' : '/lane'}?${query}`;
}
