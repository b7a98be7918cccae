import { pathOf } from './lane.ts';
import { Random } from './random.ts';
import { addressOf, CLIENTS_PER_ADDRESS, type Report } from './stage.ts';
import { type Destination, Wire } from './wire.ts';

export interface CyclesOptions {
  readonly port: number;
  readonly cycles: number;
  readonly firstKey: number;
}

/** Cycles at a time. */
const AT_A_TIME = 64;
const HOUR = 3_600_000;
const INTERNAL = 1011;

/** Connects and leaves again, so many times; most close in order, some drop the TCP connection, some are not let in. */
export async function cycle({ port, cycles, firstKey }: CyclesOptions, report: Report): Promise<void> {
  const random = new Random(firstKey);
  let begun = 0;
  const turn = async (_: unknown, slot: number) => {
    while (begun < cycles) {
      const key = firstKey + begun++;
      const hostname = `127.0.0.${1 + (key % 8)}`;
      const from = addressOf((slot * CLIENTS_PER_ADDRESS) / 8);
      await visit({ hostname, port, path: pathOf(key, optionsOf(random)), from }, random, report);
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, turn));
}

function optionsOf(random: Random): Record<string, string | number> {
  if (random.isLikely(0.05)) return { guard: 'is false' };
  return random.isLikely(0.5) ? { lasts: HOUR } : {};
}

async function visit(destination: Destination, random: Random, report: Report): Promise<void> {
  const wire = await Wire.open(destination);
  report.count(`answered with ${wire.status}`);
  if (wire.status !== 101) return wire.destroy();
  if (random.isLikely(0.2)) wire.destroy();
  else wire.close();
  const { code, isByServer } = await wire.ended;
  if (isByServer && code !== INTERNAL) report.violate(`${destination.path} was closed with ${code}`);
}
