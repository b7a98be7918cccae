import type { Journal } from '../journal.ts';
import type { Random } from './random.ts';
import { type Destination, Wire } from './wire.ts';

const MOST_VIOLATIONS = 20;
/** Loopback has many addresses; with several of them there are enough ports. */
const HOSTS = 8;

/** What one run of the load has done and found. */
export class Report {
  readonly violations: string[] = [];
  readonly counts: Record<string, number> = {};

  count(what: string, by = 1): void {
    this.counts[what] = (this.counts[what] ?? 0) + by;
  }

  violate(text: string): void {
    this.count('violations');
    if (this.violations.length < MOST_VIOLATIONS) this.violations.push(text);
  }
}

/** What all clients of a run share. */
export interface Run {
  readonly port: number;
  readonly report: Report;
  /** Of commands that were answered. */
  readonly acknowledged: Journal;
  /** Of the performance clock. */
  readonly end: number;
  nextKey(): number;
}

/** What one client plays with. */
export class Stage {
  readonly run: Run;
  readonly random: Random;
  readonly #slot: number;

  constructor(run: Run, slot: number, random: Random) {
    this.run = run;
    this.random = random;
    this.#slot = slot;
  }

  get isOver(): boolean {
    return performance.now() >= this.run.end;
  }

  /** Where a path is, for a client of so many that have one address. */
  at(path: string): Destination {
    const { port } = this.run;
    const hostname = `127.0.0.${1 + (this.#slot % HOSTS)}`;
    return { hostname, port, path, from: addressOf(this.#slot) };
  }

  async open(path: string): Promise<Wire> {
    const wire = await Wire.open(this.at(path));
    this.run.report.count('upgrades');
    return wire;
  }

  /** Waits so long, but no longer than the run. */
  async wait(milliseconds: number): Promise<void> {
    const left = Math.max(0, this.run.end - performance.now());
    await Bun.sleep(Math.min(milliseconds, left));
  }
}

/** Clients of one address. */
export const CLIENTS_PER_ADDRESS = 50;

export function addressOf(slot: number): string {
  const address = Math.floor(slot / CLIENTS_PER_ADDRESS);
  return `10.0.${address >> 8}.${address & 0xff}`;
}
