import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Child } from '../harness/child.ts';
import { BENCH, ROOT } from '../harness/paths.ts';
import type { ClientCommand, ClientReport } from './clients/main.ts';
import { Control, type ControlReport } from './control.ts';
import { readJournal } from './journal.ts';
import type { Fault } from './server/faults.ts';
import type { Inspection } from './server/inspection.ts';
import type { SoakServerOptions } from './server/main.ts';

export interface RigOptions {
  readonly maxConnections: number;
  readonly maxConnectionsPerIp: number;
  readonly faults?: readonly Fault[] | undefined;
}

/** What is left when all is over. */
export interface Leavings {
  readonly control: ControlReport;
  readonly findings: readonly string[];
  readonly acknowledged: ReadonlyMap<number, readonly number[]>;
  readonly effects: ReadonlyMap<number, readonly number[]>;
}

const ANSWER_WITHIN = 30_000;

/** The server, its clients and the control client, each in a process of its own but for the last. */
export class Rig implements AsyncDisposable {
  readonly port: number;
  readonly #server: Child;
  readonly #clients: Child;
  readonly #control: Control;
  readonly #folder: string;

  private constructor(parts: {
    readonly port: number;
    readonly server: Child;
    readonly clients: Child;
    readonly control: Control;
    readonly folder: string;
  }) {
    this.port = parts.port;
    this.#server = parts.server;
    this.#clients = parts.clients;
    this.#control = parts.control;
    this.#folder = parts.folder;
  }

  static async start({ faults = [], ...limits }: RigOptions): Promise<Rig> {
    const folder = mkdtempSync(join(tmpdir(), 'gatewire-soak-'));
    const options: SoakServerOptions = { ...limits, faults, ledger: join(folder, 'effects') };
    const server = start('server', JSON.stringify(options));
    const clients = start('clients', join(folder, 'acknowledged'));
    try {
      const { port } = (await server.next(ANSWER_WITHIN)) as { readonly port: number };
      return new Rig({ port, server, clients, control: await Control.start(port), folder });
    } catch (error) {
      await Promise.all([server.stop(), clients.stop()]);
      throw error;
    }
  }

  /** Lets the clients do something, for at most so many milliseconds. */
  tell(command: ClientCommand, within: number): Promise<ClientReport> {
    return this.#clients.ask(JSON.stringify(command), within) as Promise<ClientReport>;
  }

  /** Waits until nothing of the clients is left on the server, but no longer than so many seconds. */
  async settle(seconds: number): Promise<Inspection> {
    const deadline = performance.now() + seconds * 1000;
    let inspection = await this.#inspect();
    while (!isQuiet(inspection) && performance.now() < deadline) {
      await Bun.sleep(200);
      inspection = await this.#inspect();
    }
    // What was freed goes back to the system a little later.
    for (let times = 0; times < 4; times++) {
      await Bun.sleep(250);
      inspection = await this.#inspect();
    }
    return inspection;
  }

  /** Closes the server in order, and collects what is to be judged. */
  async end(): Promise<Leavings> {
    const control = this.#control.report;
    this.#control.stop();
    const { findings } = (await this.#server.ask('close', ANSWER_WITHIN)) as Inspection;
    const journal = (name: string) => readJournal(join(this.#folder, name));
    return { control, findings, acknowledged: journal('acknowledged'), effects: journal('effects') };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#control.stop();
    await Promise.all([this.#server.stop(), this.#clients.stop()]);
    rmSync(this.#folder, { recursive: true });
  }

  #inspect(): Promise<Inspection> {
    return this.#server.ask('inspect', ANSWER_WITHIN) as Promise<Inspection>;
  }
}

function start(what: 'server' | 'clients', argument: string): Child {
  return new Child(`the ${what}`, [process.execPath, `${BENCH}/soak/${what}/main.ts`, argument], ROOT);
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
