import type { Contestant } from '../contestants.ts';
import type { ServerWork, Usage } from '../servers/serve.ts';
import { Child } from './child.ts';
import { ROOT } from './paths.ts';

const START_WITHIN = 30_000;
const ANSWER_WITHIN = 30_000;

/** What a server is started with. */
export interface Entrant {
  readonly contestant: Contestant;
  readonly work: ServerWork;
  /** For `many`. */
  readonly routes?: number;
}

interface Ready {
  readonly port: number;
  readonly usage: Usage;
  readonly own: number;
}

/** A running server under test. */
export class Server {
  readonly port: number;
  /** What it had used when it began to listen. */
  readonly started: Usage;
  /** The part of its RSS then that was no page of a file, in bytes. */
  readonly own: number;
  /** From the start of the process until it listened, in ms. */
  readonly bootTime: number;
  readonly #child: Child;

  private constructor(child: Child, { port, usage, own }: Ready, bootTime: number) {
    this.#child = child;
    this.port = port;
    this.started = usage;
    this.own = own;
    this.bootTime = bootTime;
  }

  static async start(
    { contestant, work, routes = 1 }: Entrant,
    flags: readonly string[] = [],
  ): Promise<Server> {
    const begun = performance.now();
    const [program, ...args] = contestant.command;
    const child = new Child(contestant.name, [program, ...flags, ...args, work, String(routes)], ROOT);
    const ready = (await child.next(START_WITHIN)) as Ready;
    return new Server(child, ready, performance.now() - begun);
  }

  /** The CPU it has used since it started, in µs. */
  async cpu(): Promise<number> {
    return ((await this.#child.ask('cpu', ANSWER_WITHIN)) as Usage).cpu;
  }

  /** The usage once garbage has been collected. */
  async collect(): Promise<Usage> {
    await this.#child.ask('collect', ANSWER_WITHIN);
    await Bun.sleep(200);
    return (await this.#child.ask('collect', ANSWER_WITHIN)) as Usage;
  }

  stop(): Promise<void> {
    return this.#child.stop();
  }
}
