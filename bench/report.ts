import { cpus } from 'node:os';
import type { Outcome } from './harness/pairs.ts';
import { median, quantile } from './harness/statistics.ts';
import { nodeVersion } from './peers.ts';

/** A section of the report. */
export function table(
  title: string,
  columns: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const alignment = columns.map((_, at) => (at === 0 ? '---' : '--:'));
  const lines = [columns, alignment, ...rows].map(cells => `| ${cells.join(' | ')} |`);
  return `### ${title}\n\n${lines.join('\n')}\n`;
}

/** Paired figures: the median of the pairs' ratios and their spread. */
export function ratioTable(title: string, unit: string, outcomes: readonly Outcome[]): string {
  const rows = outcomes.map(({ entrant, ratios, cost, baselineCost }) => [
    entrant.contestant.title,
    `${median(ratios).toFixed(2)}×`,
    `${quantile(ratios, 0.1).toFixed(2)}–${quantile(ratios, 0.9).toFixed(2)}`,
    cost.toFixed(2),
    baselineCost.toFixed(2),
  ]);
  const columns = ['', 'ratio', 'p10–p90', `µs a ${unit}`, 'baseline, µs'];
  return table(`${title} (${outcomes[0]?.ratios.length ?? 0} pairs)`, columns, rows);
}

/** The median of some figures and the least and greatest of them. */
export function range(values: readonly number[], digits = 1): string {
  if (values.length === 0) return '–';
  const write = (value: number) =>
    value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return `${write(median(values))} (${write(Math.min(...values))}–${write(Math.max(...values))})`;
}

/** Where and when it was measured. */
export function machine(): string {
  const [cpu, ...others] = cpus();
  const cores = others.length + 1;
  const versions = `Bun ${Bun.version}, Node ${nodeVersion()}`;
  const date = new Date().toISOString().slice(0, 10);
  return `${cpu?.model ?? 'unknown CPU'}, ${cores} cores, ${process.platform} ${process.arch}; ${versions}; ${date}`;
}
