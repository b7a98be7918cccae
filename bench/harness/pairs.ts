import type { Settings } from '../options.ts';
import type { Load } from './load.ts';
import { type Entrant, Server } from './server.ts';
import { median } from './statistics.ts';

/** Work of one kind on one server, ready to be repeated. */
export interface Session {
  /** Does so many units of the work, or a few more, and gives how many; rejects at the first wrong reply. */
  readonly run: (units: number) => Promise<number>;
  readonly close: () => Promise<unknown>;
}

/** What a session is opened with. */
export interface Stage {
  readonly load: Load;
  readonly server: Server;
  readonly entrant: Entrant;
  /** Messages that are written together. */
  readonly batch: number;
}

export type OpenSession = (stage: Stage) => Promise<Session>;

/** What is compared: rivals with a baseline, each in pairs. */
export interface Comparison {
  readonly baseline: Entrant;
  readonly rivals: readonly Entrant[];
  readonly open: OpenSession;
  readonly settings: Settings;
}

/** One rival's pairs. */
export interface Outcome {
  readonly entrant: Entrant;
  /** CPU of the rival through CPU of the baseline, for each pair. */
  readonly ratios: readonly number[];
  /** The median CPU of one unit, in µs. */
  readonly cost: number;
  readonly baselineCost: number;
}

/** A server under load, with the number of units that make a slice. */
class Side {
  readonly entrant: Entrant;
  readonly ratios: number[] = [];
  readonly costs: number[] = [];
  readonly baselineCosts: number[] = [];
  #server: Server | null = null;
  #session: Session | null = null;
  #units = 0;

  constructor(entrant: Entrant) {
    this.entrant = entrant;
  }

  async start(load: Load, { open, settings }: Comparison): Promise<void> {
    this.#server = await Server.start(this.entrant);
    this.#session = await open({ load, server: this.#server, entrant: this.entrant, batch: settings.batch });
    await this.#warmUp(settings);
  }

  async stop(): Promise<void> {
    await this.#session?.close();
    await this.#server?.stop();
  }

  /** Does one slice of the work and gives the CPU of one unit of it, in µs. */
  async measure(): Promise<number> {
    const before = await (this.#server as Server).cpu();
    const units = await (this.#session as Session).run(this.#units);
    return ((await (this.#server as Server).cpu()) - before) / units;
  }

  /** Lets the code become hot, then finds how many units make a slice of the wanted CPU time. */
  async #warmUp({ slice, warmUp }: Settings): Promise<void> {
    this.#units = 1;
    let spent = 0;
    while (spent < warmUp) {
      const cost = Math.max(await this.measure(), 0.01);
      spent += cost * this.#units + 1_000;
      this.#units = Math.ceil(Math.min(slice / cost, this.#units * 8));
    }
  }
}

/**
 * Measures every rival against the baseline in pairs, A B then B A, one rival after another: did they take turns, each
 * would have sat idle for longer than the baseline before its slice, which costs up to a tenth. Every generation starts
 * new processes, because how one process was laid out in memory and compiled stays with it.
 */
export async function compare(load: Load, comparison: Comparison): Promise<Outcome[]> {
  const { settings } = comparison;
  const rivals = comparison.rivals.map(entrant => new Side(entrant));
  for (let generation = 0; generation < settings.generations; generation++) {
    const baseline = new Side(comparison.baseline);
    for (const side of [baseline, ...rivals]) await side.start(load, comparison);
    for (const rival of rivals) {
      for (const asleep of [baseline, rival]) await asleep.measure();
      for (let pair = 0; pair < settings.pairs; pair++) {
        await measurePair(baseline, rival, (pair + generation) % 2 === 0);
      }
    }
    for (const side of [baseline, ...rivals]) await side.stop();
  }
  return rivals.map(({ entrant, ratios, costs, baselineCosts }) => ({
    entrant,
    ratios,
    cost: median(costs),
    baselineCost: median(baselineCosts),
  }));
}

async function measurePair(baseline: Side, rival: Side, isBaselineFirst: boolean): Promise<void> {
  const before = isBaselineFirst ? await baseline.measure() : null;
  const cost = await rival.measure();
  const baselineCost = before ?? (await baseline.measure());
  rival.costs.push(cost);
  rival.baselineCosts.push(baselineCost);
  rival.ratios.push(cost / baselineCost);
}
