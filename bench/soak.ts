import { parseArgs } from 'node:util';
import { mostConnections } from './harness/most-connections.ts';
import { soakReport } from './soak/report.ts';
import { runSoak } from './soak/run-soak.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '600' },
    clients: { type: 'string', default: '2000' },
    seed: { type: 'string', default: '1' },
    out: { type: 'string' },
  },
});
const options = {
  seconds: wholeNumber('seconds'),
  // In the end every place is filled: two for each client.
  clients: Math.floor(mostConnections(wholeNumber('clients') * 2) / 2),
  seed: wholeNumber('seed'),
  progress: (line: string) => console.error(`${new Date().toISOString().slice(11, 19)} ${line}`),
};
const result = await runSoak(options);
const report = soakReport(options, result);
console.log(report);
if (values.out !== undefined) await Bun.write(values.out, `${report}\n`);
process.exit(result.violations.length === 0 ? 0 : 1);

function wholeNumber(name: 'seconds' | 'clients' | 'seed'): number {
  const value = Number(values[name]);
  if (Number.isSafeInteger(value) && value > 0) return value;
  console.error(
    `--${name} takes a whole number above 0 (got ${values[name]})\n\n` +
      'bun bench/soak.ts [--seconds 600] [--clients 2000] [--seed 1] [--out soak.md]',
  );
  process.exit(1);
}
