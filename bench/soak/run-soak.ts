import type { ClientReport } from './clients/main.ts';
import { CLIENTS_PER_ADDRESS } from './clients/stage.ts';
import { type Evidence, judge } from './judge.ts';
import { Rig } from './rig.ts';
import type { Fault } from './server/faults.ts';

export interface SoakOptions {
  /** Of load; a quarter of it is the warm-up. */
  readonly seconds: number;
  readonly clients: number;
  readonly seed: number;
  readonly faults?: readonly Fault[];
  /** Seconds that the server gets to become quiet. */
  readonly settleWithin?: number;
  readonly progress?: (line: string) => void;
}

export interface SoakResult {
  /** `null` where the server or the clients did not live to the end. */
  readonly evidence: Evidence | null;
  readonly violations: readonly string[];
}

const CONNECTIONS_PER_ADDRESS = 100;
const WARM_UP = 0.25;
/** Beyond the load: a reply that does not come is waited for for a minute. */
const SPARE = 150_000;

/** Runs the load against a server of its own, and judges what is left. */
export async function runSoak(options: SoakOptions): Promise<SoakResult> {
  try {
    const evidence = await gather(options);
    return { evidence, violations: judge(evidence) };
  } catch (error) {
    return { evidence: null, violations: [(error as Error).message] };
  }
}

async function gather(options: SoakOptions): Promise<Evidence> {
  const { seconds, settleWithin = 20, progress = () => {} } = options;
  const addresses = Math.ceil(options.clients / CLIENTS_PER_ADDRESS);
  // The last address is not to fill up before the server does.
  const maxConnections = addresses * CONNECTIONS_PER_ADDRESS - 10;
  const limits = { maxConnections, maxConnectionsPerIp: CONNECTIONS_PER_ADDRESS };
  await using rig = await Rig.start({ ...limits, faults: options.faults });
  progress(`warm-up: ${options.clients} clients`);
  const clients = [await load(rig, options, { seconds: seconds * WARM_UP, seed: options.seed })];
  const before = await rig.settle(settleWithin);
  progress('load');
  clients.push(await load(rig, options, { seconds: seconds * (1 - WARM_UP), seed: options.seed + 1 }));
  const after = await rig.settle(settleWithin);
  progress('filling every place');
  const room = maxConnections - 1;
  const places = { addresses, connectionsPerAddress: CONNECTIONS_PER_ADDRESS, room };
  clients.push(await rig.tell({ do: 'fill', port: rig.port, ...places }, SPARE));
  const { findings, ...leavings } = await rig.end();
  return { ...leavings, before, after: { ...after, findings }, clients };
}

function load(
  rig: Rig,
  { clients }: SoakOptions,
  { seconds, seed }: Pick<SoakOptions, 'seconds' | 'seed'>,
): Promise<ClientReport> {
  return rig.tell({ do: 'load', port: rig.port, clients, seconds, seed }, seconds * 1000 + SPARE);
}
