import type { ClientReport } from './clients/main.ts';
import { judge } from './judge.ts';
import { type Leavings, Rig } from './rig.ts';
import type { Fault } from './server/faults.ts';
import type { Inspection } from './server/inspection.ts';

export interface LeakOptions {
  /** Connections that are opened and closed; a fifth of them comes before the first look. */
  readonly cycles: number;
  readonly faults?: readonly Fault[];
  readonly settleWithin?: number;
}

export interface LeakResult {
  /** After a fifth of the cycles. */
  readonly before: Inspection;
  readonly after: Inspection;
  readonly clients: readonly ClientReport[];
  /** Of the rest of the cycles. */
  readonly cyclesPerSecond: number;
  readonly violations: readonly string[];
}

const EARLY = 0.2;
const CYCLES_WITHIN = 300_000;
const LIMITS = { maxConnections: 1000, maxConnectionsPerIp: 100 };

/** Opens and closes connections, and judges what they leave on the server. */
export async function runLeak({ cycles, faults, settleWithin = 10 }: LeakOptions): Promise<LeakResult> {
  await using rig = await Rig.start({ ...LIMITS, faults });
  const early = Math.round(cycles * EARLY);
  const cycle = (count: number, firstKey: number) =>
    rig.tell({ do: 'cycle', port: rig.port, cycles: count, firstKey }, CYCLES_WITHIN);
  const first = await cycle(early, 1);
  const before = await rig.settle(settleWithin);
  const begun = performance.now();
  const rest = await cycle(cycles - early, early + 1);
  const cyclesPerSecond = (cycles - early) / ((performance.now() - begun) / 1000);
  const after = await rig.settle(settleWithin);
  const leavings: Leavings = await rig.end();
  const clients = [first, rest];
  const seen = { before, after: { ...after, findings: leavings.findings }, clients };
  return { ...seen, cyclesPerSecond, violations: judge({ ...leavings, ...seen }) };
}
