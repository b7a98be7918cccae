import { execFileSync } from 'node:child_process';
import { BENCH, ROOT } from '../harness/paths.ts';
import { range, table } from '../report.ts';
import type { Work } from './work.ts';

/** Figures of one validator, ns a check, by the kind of message; and µs to make one validator. */
export interface InProcessReport {
  readonly checks: readonly {
    readonly title: string;
    readonly figures: Readonly<Record<string, readonly number[]>>;
  }[];
  readonly compile: readonly { readonly title: string; readonly figures: readonly number[] }[];
}

/** What the validators cost by themselves, in a process of their own without a socket. */
export const inProcessWork: Work = {
  name: 'in-process',
  serverWork: null,
  open: null,
  async measure({ settings, progress }) {
    progress('in-process: checks and compile time');
    const rounds = settings.generations * settings.pairs;
    const { checks: all, compile } = run([], [String(rounds)]);
    const { checks: closures } = run([NO_GENERATED_CODE], [String(rounds), 'gatewire']);
    const checks = [
      ...all,
      ...closures.map(check => ({ ...check, title: `${check.title}, code generation disallowed` })),
    ];
    const kinds = Object.keys(checks[0]?.figures ?? {});
    const rows = checks.map(({ title, figures }) => [
      title,
      ...kinds.map(kind => range(figures[kind] ?? [], 0)),
    ]);
    const compileRows = compile.map(({ title, figures }) => [title, range(figures, 0)]);
    return [
      table('One check in the process, ns', ['', ...kinds], rows),
      table('Making one validator, µs', ['', 'µs'], compileRows),
    ].join('\n');
  },
};

const NO_GENERATED_CODE = '--disallow-code-generation-from-strings';

function run(flags: readonly string[], args: readonly string[]): InProcessReport {
  const text = execFileSync(process.execPath, [...flags, `${BENCH}/in-process/main.ts`, ...args], {
    cwd: ROOT,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return JSON.parse(text) as InProcessReport;
}
