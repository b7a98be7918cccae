import { addressOf, type Report } from './stage.ts';
import { Wire } from './wire.ts';

export interface FillOptions {
  readonly port: number;
  /** How many addresses clients came from. */
  readonly addresses: number;
  readonly connectionsPerAddress: number;
  /** How many connections the server has room for. */
  readonly room: number;
}

/**
 * Fills a server that should be empty, address by address, and checks that exactly as many connections fit as may: a
 * place that was not given back would be missing.
 */
export async function fill(options: FillOptions, report: Report, clientsPerAddress: number): Promise<void> {
  const wires: Wire[] = [];
  for (let address = 0; address < options.addresses; address++) {
    const from = addressOf(address * clientsPerAddress);
    const fits = Math.min(options.connectionsPerAddress, options.room - wires.length);
    const opened = await openUntilRefused(options.port, from, fits);
    wires.push(...opened.wires);
    const isLast = options.room === wires.length;
    const expected = isLast ? 503 : 429;
    if (opened.wires.length !== fits || opened.status !== expected) {
      report.violate(
        `${from} got ${opened.wires.length} connections and then ${opened.status}, instead of ${fits} and ${expected}`,
      );
    }
    if (isLast) break;
  }
  report.count('filled', wires.length);
  for (const wire of wires) wire.close();
  await Promise.all(wires.map(({ ended }) => ended));
}

async function openUntilRefused(port: number, from: string, most: number) {
  const wires: Wire[] = [];
  while (wires.length <= most) {
    const wire = await Wire.open({ hostname: '127.0.0.1', port, path: '/limited', from });
    if (wire.status !== 101) return { wires, status: wire.status };
    wires.push(wire);
  }
  return { wires, status: 101 };
}
