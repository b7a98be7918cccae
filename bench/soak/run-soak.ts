import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Child } from '../harness/child.ts';
import { BENCH, ROOT } from '../harness/paths.ts';
import type { ClientCommand, ClientReport } from './clients/main.ts';
import { CLIENTS_PER_ADDRESS } from './clients/stage.ts';
import { Control } from './control.ts';
import { readJournal } from './journal.ts';
import { type Evidence, judge } from './judge.ts';
import type { Fault } from './server/faults.ts';
import type { Inspection } from './server/inspection.ts';
import type { SoakServerOptions } from './server/main.ts';

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
/** Beyond the load: a reply that does not come is waited for for half a minute. */
const SPARE = 60_000;
const ANSWER_WITHIN = 30_000;

/** Runs the load against a server of its own, and judges what is left. */
export async function runSoak(options: SoakOptions): Promise<SoakResult> {
  const folder = mkdtempSync(join(tmpdir(), 'gatewire-soak-'));
  await using processes = new AsyncDisposableStack();
  processes.defer(() => rmSync(folder, { recursive: true }));
  try {
    const evidence = await gather(options, folder, processes);
    return { evidence, violations: judge(evidence) };
  } catch (error) {
    return { evidence: null, violations: [(error as Error).message] };
  }
}

async function gather(
  options: SoakOptions,
  folder: string,
  processes: AsyncDisposableStack,
): Promise<Evidence> {
  const { seconds, clients: size, seed, settleWithin = 20, progress = () => {} } = options;
  const addresses = Math.ceil(size / CLIENTS_PER_ADDRESS);
  const maxConnections = addresses * CONNECTIONS_PER_ADDRESS - 10;
  const ledger = join(folder, 'effects');
  const server = start('server', {
    ledger,
    maxConnections,
    maxConnectionsPerIp: CONNECTIONS_PER_ADDRESS,
    faults: options.faults ?? [],
  } satisfies SoakServerOptions);
  processes.defer(() => server.stop());
  const { port } = (await server.next(ANSWER_WITHIN)) as { port: number };
  const control = await Control.start(port);
  processes.defer(() => control.stop());
  const journal = join(folder, 'acknowledged');
  const clients = start('clients', journal);
  processes.defer(() => clients.stop());
  const tell = (command: ClientCommand) =>
    clients.ask(JSON.stringify(command), seconds * 1000 + SPARE) as Promise<ClientReport>;
  let loads = 0;
  const load = (length: number) =>
    tell({ do: 'load', port, clients: size, seconds: length, seed: ++loads + seed });

  progress(`warm-up: ${size} clients`);
  const reports = [await load(seconds * WARM_UP)];
  const before = await settle(server, settleWithin);
  progress('load');
  reports.push(await load(seconds * (1 - WARM_UP)));
  const after = await settle(server, settleWithin);
  progress('filling every place');
  const room = maxConnections - 1;
  reports.push(
    await tell({ do: 'fill', port, addresses, connectionsPerAddress: CONNECTIONS_PER_ADDRESS, room }),
  );
  const { report } = control;
  control.stop();
  const closing = (await server.ask('close', ANSWER_WITHIN)) as Pick<Inspection, 'findings'>;
  return {
    before,
    after: { ...after, findings: closing.findings },
    control: report,
    clients: reports,
    acknowledged: readJournal(journal),
    effects: readJournal(ledger),
  };
}

function start(what: 'server' | 'clients', argument: object | string): Child {
  const text = typeof argument === 'string' ? argument : JSON.stringify(argument);
  return new Child(`the ${what}`, [process.execPath, `${BENCH}/soak/${what}/main.ts`, text], ROOT);
}

/** Waits until nothing of the load is left on the server, but no longer than so many seconds. */
async function settle(server: Child, seconds: number): Promise<Inspection> {
  const deadline = performance.now() + seconds * 1000;
  let inspection = await inspect(server);
  while (!isQuiet(inspection) && performance.now() < deadline) {
    await Bun.sleep(200);
    inspection = await inspect(server);
  }
  // What was freed goes back to the system a little later.
  for (let times = 0; times < 4; times++) {
    await Bun.sleep(250);
    inspection = await inspect(server);
  }
  return inspection;
}

function inspect(server: Child): Promise<Inspection> {
  return server.ask('inspect', ANSWER_WITHIN) as Promise<Inspection>;
}

function isQuiet({ registered, tally }: Inspection): boolean {
  const { connections, sockets, ...others } = registered;
  const { opened, closed, scopesMade, scopesDisposed, streamsBegun, streamsEnded } = tally;
  return (
    connections === 1 &&
    sockets === 1 &&
    Object.values(others).every(count => count === 0) &&
    opened === closed &&
    scopesMade === scopesDisposed &&
    streamsBegun === streamsEnded
  );
}
