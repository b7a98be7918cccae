import { quantile } from '../harness/statistics.ts';
import { machine, table } from '../report.ts';
import type { Evidence } from './judge.ts';
import type { SoakOptions, SoakResult } from './run-soak.ts';

/** The figures of a run, and what did not hold, as markdown. */
export function soakReport(options: SoakOptions, { evidence, violations }: SoakResult): string {
  const { clients, seconds, seed } = options;
  const title = `Soak: ${whole(clients)} clients, ${whole(seconds)} s of load, seed ${seed}`;
  const figures = evidence === null ? [] : [table(title, ['', ''], rowsOf(evidence, seconds))];
  const verdict = violations.length === 0 ? ['Everything held.'] : violations.map(line => `- ${line}`);
  return [`${machine()}\n`, ...figures, ...verdict].join('\n');
}

function rowsOf(evidence: Evidence, seconds: number): [string, string][] {
  const { before, after, control } = evidence;
  const counts = total(evidence);
  const { tally, registered } = after;
  const { connections, sockets, ...others } = registered;
  const left = Object.entries({ connections: connections - 1, sockets: sockets - 1, ...others });
  const closes = Object.keys(counts).filter(name => name.startsWith('closed with'));
  const refusals = Object.keys(counts).filter(name => name.startsWith('refused with'));
  const codes = (names: string[]) =>
    names
      .sort()
      .map(name => `${name.split(' ').at(-1)}: ${whole(counts[name] ?? 0)}`)
      .join(', ');
  return [
    ['connections opened', `${whole(tally.opened)} (${whole(tally.opened / seconds)} a second)`],
    ['… and closed, and collected', `${whole(tally.closed)}, ${whole(tally.collected)}`],
    ['left in a handshake, a message or a handler', whole(counts.vanished ?? 0)],
    ['refused', codes(refusals)],
    ['closed by the server', codes(closes)],
    [
      'messages of clients',
      `${whole(counts.messages ?? 0)} (${whole((counts.messages ?? 0) / seconds)} a second)`,
    ],
    ['frames of the server', whole(counts.frames ?? 0)],
    ['published frames, none missing, in order', whole(counts['published frames'] ?? 0)],
    ['frames left out for slow clients, counted', whole(counts['dropped frames'] ?? 0)],
    [
      'commands answered, had an effect',
      `${whole(size(evidence.acknowledged))}, ${whole(size(evidence.effects))}`,
    ],
    ['scoped instances made, disposed', `${whole(tally.scopesMade)}, ${whole(tally.scopesDisposed)}`],
    ['streams begun, ended', `${whole(tally.streamsBegun)}, ${whole(tally.streamsEnded)}`],
    ['lines of the log', whole(after.logLines)],
    ['echoes to the control client', whole(control.echoes)],
    [
      '… took (median, 99 %, longest)',
      [0.5, 0.99, 1].map(share => ms(quantile(control.times, share))).join(', '),
    ],
    [
      'longest stall of the server, of the clients',
      [after.stall, Math.max(...evidence.clients.map(({ stall }) => stall))].map(ms).join(', '),
    ],
    ['registered afterwards', left.map(([name, count]) => `${name} ${count}`).join(', ')],
    ['places free afterwards, all of them', whole(counts.filled ?? 0)],
    [
      'RSS after the warm-up, at the end',
      `${mib(before.rss)}, ${mib(after.rss)} (${ratio(before.rss, after.rss)})`,
    ],
    ['JS heap', `${mib(before.heap)}, ${mib(after.heap)} (${ratio(before.heap, after.heap)})`],
    [
      'objects',
      `${whole(before.objects)}, ${whole(after.objects)} (${ratio(before.objects, after.objects)})`,
    ],
  ];
}

function total({ clients }: Evidence): Record<string, number> {
  const sum: Record<string, number> = {};
  for (const { counts } of clients) {
    for (const [name, count] of Object.entries(counts)) sum[name] = (sum[name] ?? 0) + count;
  }
  return sum;
}

function size(journal: ReadonlyMap<number, readonly number[]>): number {
  return [...journal.values()].reduce((sum, { length }) => sum + length, 0);
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en');
}

function ms(value: number): string {
  return `${value.toFixed(1)} ms`;
}

function mib(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}

function ratio(before: number, after: number): string {
  return `${((after / before - 1) * 100).toFixed(1)} %`;
}
