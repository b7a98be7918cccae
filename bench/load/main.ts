import { createInterface } from 'node:readline';
import { Audience } from './broadcast.ts';
import type { Address, Client } from './client.ts';
import type { Command } from './command.ts';
import { gather } from './crowd.ts';
import { Pipeline } from './pipeline.ts';
import { probe } from './probe.ts';
import { makeVisits } from './visits.ts';

/** What is held open between commands, by its key. */
const open = new Map<string, Pipeline | Audience>();
let crowd: readonly Client[] = [];

for await (const line of createInterface({ input: process.stdin })) {
  try {
    console.log(JSON.stringify({ value: await execute(JSON.parse(line) as Command) }));
  } catch (error) {
    console.log(JSON.stringify({ error: error instanceof Error ? error.message : String(error) }));
  }
}
process.exit(0);

async function execute(command: Command): Promise<unknown> {
  switch (command.do) {
    case 'pipeline': {
      const { key, addresses, exchanges, batch } = command;
      open.set(key, await Pipeline.open(addresses, exchanges, batch));
      return null;
    }
    case 'audience': {
      const { key, address, exchanges, size } = command;
      open.set(key, await Audience.open(address, exchanges, size));
      return null;
    }
    case 'run':
      return held(command.key).run(command.count);
    case 'close':
      held(command.key).close();
      open.delete(command.key);
      return null;
    case 'visits':
      return makeVisits(command.port, command.visits, command);
    case 'probe':
      return probe(command.address, command.texts);
    case 'gather':
      return gatherCrowd(command.address, command.size);
    case 'disperse':
      for (const client of crowd) client.terminate();
      crowd = [];
      return null;
  }
}

async function gatherCrowd(address: Address, size: number): Promise<number> {
  crowd = await gather(address, size);
  return crowd.length;
}

function held(key: string): Pipeline | Audience {
  const found = open.get(key);
  if (found === undefined) throw new Error(`nothing is open under "${key}"`);
  return found;
}
