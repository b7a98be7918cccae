import { parseArgs } from 'node:util';
import { machine, table } from './report.ts';
import { type LeakResult, runLeak } from './soak/run-leak.ts';

const { values } = parseArgs({ options: { cycles: { type: 'string', default: '100000' } } });
const cycles = Number(values.cycles);
if (!Number.isSafeInteger(cycles) || cycles < 100) {
  console.error(
    `--cycles takes a whole number from 100 (got ${values.cycles})\n\nbun bench/leak.ts [--cycles 100000]`,
  );
  process.exit(1);
}
const result = await runLeak({ cycles });
console.log(`${machine()}\n\n${reportOf(result)}`);
process.exit(result.violations.length === 0 ? 0 : 1);

function reportOf({ before, after, cyclesPerSecond, violations }: LeakResult): string {
  const count = (value: number) => Math.round(value).toLocaleString('en');
  const size = (bytes: number) => `${(bytes / 2 ** 20).toFixed(1)} MiB`;
  const rows = [
    ['connections opened', count(before.tally.opened), count(after.tally.opened)],
    [
      'closed, and collected',
      ...[before, after].map(({ tally }) => `${count(tally.closed)}, ${count(tally.collected)}`),
    ],
    [
      'scoped instances made, disposed',
      ...[before, after].map(({ tally }) => `${count(tally.scopesMade)}, ${count(tally.scopesDisposed)}`),
    ],
    ['RSS', size(before.rss), size(after.rss)],
    ['JS heap', size(before.heap), size(after.heap)],
    ['objects', count(before.objects), count(after.objects)],
  ];
  const cpu = (after.cpu - before.cpu) / (cycles * 0.8);
  const title = `Connecting and closing, ${count(cycles)} times`;
  const rate = `${count(cyclesPerSecond)} a second; ${count(cpu)} µs of the server's CPU each, looking at it included.`;
  const columns = ['', `after ${count(cycles / 5)}`, `after ${count(cycles)}`];
  const verdict =
    violations.length === 0 ? 'Everything held.' : violations.map(line => `- ${line}`).join('\n');
  return `${table(title, columns, rows)}\n${rate}\n\n${verdict}`;
}
