import type { ClientReport } from './clients/main.ts';
import type { ControlReport } from './control.ts';
import type { Inspection } from './server/inspection.ts';

/** What a soak leaves behind to be judged. */
export interface Evidence {
  /** Of the quiet server after the warm-up. */
  readonly before: Inspection;
  /** Of the quiet server at the end. */
  readonly after: Inspection;
  readonly control: ControlReport;
  readonly clients: readonly ClientReport[];
  /** Commands that were answered, in order, by connection. */
  readonly acknowledged: ReadonlyMap<number, readonly number[]>;
  /** Commands that had an effect, in order, by connection. */
  readonly effects: ReadonlyMap<number, readonly number[]>;
}

/** How much more there may be in the end than after the warm-up. */
const GROWTH = 1.2;
/** The control client's. */
const OWN = 1;
/** Connections that the collector may not have got to yet. */
const UNCOLLECTED = 0.01;
/** Violations of one kind that are told. */
const MOST = 10;

/** What did not hold, in words; nothing where everything did. */
export function judge(evidence: Evidence): string[] {
  return [
    ...judgeRegistries(evidence.after),
    ...judgeTally(evidence.after),
    ...judgeMemory(evidence),
    ...judgeLedger(evidence),
    ...judgeProcess(evidence),
    ...evidence.after.findings.map(line => `the log has what nothing explains: ${line}`),
    ...evidence.clients.flatMap(({ violations }) => violations),
  ];
}

function judgeRegistries({ registered }: Inspection): string[] {
  const { connections, sockets, ...others } = registered;
  const own = { connections: connections - OWN, sockets: sockets - OWN, ...others };
  return Object.entries(own)
    .filter(([, count]) => count !== 0)
    .map(([name, count]) => `${count} ${name} are still registered`);
}

function judgeTally({ tally }: Inspection): string[] {
  const { opened, closed, collected, scopesMade, scopesDisposed } = tally;
  const pairs = [
    ['connections', opened, 'closed', closed],
    ['scoped instances', scopesMade, 'disposed', scopesDisposed],
    ['streams', tally.streamsBegun, 'ended', tally.streamsEnded],
  ] as const;
  const violations = pairs
    .filter(([, begun, , ended]) => begun !== ended)
    .map(([what, begun, end, ended]) => `${ended} of ${begun} ${what} were ${end}`);
  if (opened - collected > opened * UNCOLLECTED + 10) {
    violations.push(`${collected} of ${opened} connections were collected as garbage`);
  }
  if (tally.handledLate > 0)
    violations.push(`${tally.handledLate} messages were handled after their session`);
  if (tally.contextsLost > 0)
    violations.push(`${tally.contextsLost} times the context was another connection’s`);
  return violations;
}

function judgeMemory({ before, after }: Evidence): string[] {
  return (['rss', 'heap', 'objects'] as const)
    .filter(what => after[what] > before[what] * GROWTH)
    .map(what => `${what} grew from ${before[what]} to ${after[what]}`);
}

/** Every command that was answered had its effect, none had it twice, and they came in order. */
function judgeLedger({ acknowledged, effects }: Evidence): string[] {
  const twice: string[] = [];
  const disordered: string[] = [];
  for (const [connection, commands] of effects) {
    const repeated = commands.find((command, at) => commands.indexOf(command) !== at);
    const early = commands.find((command, at) => command > (commands[at + 1] ?? Number.POSITIVE_INFINITY));
    if (repeated !== undefined)
      twice.push(`command ${repeated} of connection ${connection} had its effect twice`);
    if (early !== undefined)
      disordered.push(`command ${early} of connection ${connection} had its effect too early`);
  }
  const lost = [...acknowledged].flatMap(([connection, commands]) => {
    const applied = new Set(effects.get(connection));
    const missing = commands.find(command => !applied.has(command));
    if (missing === undefined) return [];
    return [`command ${missing} of connection ${connection} was answered, but had no effect`];
  });
  return [...twice.slice(0, MOST), ...disordered.slice(0, MOST), ...lost.slice(0, MOST)];
}

function judgeProcess({ before, after, control }: Evidence): string[] {
  const violations: string[] = [];
  if (before.pid !== after.pid) violations.push(`process ${before.pid} has become ${after.pid}`);
  if (control.failure !== null) violations.push(`the control client: ${control.failure}`);
  return violations;
}
