// A process of its own, told what to do by lines of its stdin.
import { createInterface } from 'node:readline';
import { Journal } from '../journal.ts';
import { StallWatch } from '../stall-watch.ts';
import { crowd } from './crowd.ts';
import { type CyclesOptions, cycle } from './cycles.ts';
import { type FillOptions, fill } from './fill.ts';
import { CLIENTS_PER_ADDRESS, Report } from './stage.ts';

/** What the clients can be told; each is answered with a `ClientReport`. */
export type ClientCommand =
  | {
      readonly do: 'load';
      readonly port: number;
      readonly clients: number;
      readonly seconds: number;
      readonly seed: number;
    }
  | ({ readonly do: 'cycle' } & CyclesOptions)
  | ({ readonly do: 'fill' } & FillOptions);

export interface ClientReport {
  readonly violations: readonly string[];
  readonly counts: Readonly<Record<string, number>>;
  /** The longest time that the event loop stood still until now, in milliseconds. */
  readonly stall: number;
}

const acknowledged = new Journal(process.argv[2] as string);
const stalls = new StallWatch();
let lastKey = 0;

for await (const line of createInterface({ input: process.stdin })) {
  const { violations, counts } = await obey(JSON.parse(line) as ClientCommand);
  console.log(JSON.stringify({ violations, counts, stall: stalls.longest } satisfies ClientReport));
}
process.exit(0);

async function obey(command: ClientCommand): Promise<Report> {
  const report = new Report();
  if (command.do === 'fill') {
    await fill(command, report, CLIENTS_PER_ADDRESS);
    return report;
  }
  if (command.do === 'cycle') {
    await cycle(command, report);
    return report;
  }
  const { port, clients, seconds, seed } = command;
  const end = performance.now() + seconds * 1000;
  await crowd({ port, report, acknowledged, end, nextKey: () => ++lastKey }, clients, seed);
  acknowledged.flush();
  return report;
}
