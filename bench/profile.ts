import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import type { Contestant } from './contestants.ts';
import { Load } from './harness/load.ts';
import { BENCH } from './harness/paths.ts';
import { Server } from './harness/server.ts';
import type { Settings } from './options.ts';
import { table } from './report.ts';
import type { Work } from './works/work.ts';

const PROFILES = `${BENCH}/.profiles`;
const ROWS = 25;
/** CPU of the profiled run, in µs. */
const LENGTH = 3_000_000;

/** Asking for the CPU is work too, so it is done seldom. */
const MOST_UNITS = 200_000;

interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

/** Runs works on one server under Bun's profiler and prints where its time went, by function. */
export async function profile(
  contestants: readonly Contestant[],
  works: readonly Work[],
  { batch }: Settings,
) {
  for (const contestant of contestants) {
    for (const work of works) {
      if (work.open === null || work.serverWork === null) continue;
      await runProfiled(contestant, work, batch);
      console.log(await selfTimes(`${contestant.name}, ${work.name}`));
    }
  }
}

async function runProfiled(contestant: Contestant, { open, serverWork }: Work, batch: number): Promise<void> {
  if (open === null || serverWork === null) return;
  rmSync(PROFILES, { recursive: true, force: true });
  mkdirSync(PROFILES);
  const entrant = { contestant, work: serverWork };
  const load = new Load();
  const server = await Server.start(entrant, ['--cpu-prof', `--cpu-prof-dir=${PROFILES}`]);
  const session = await open({ load, server, entrant, batch });
  const before = await server.cpu();
  for (let units = 100, spent = 0; spent < LENGTH; units = Math.min(units * 2, MOST_UNITS)) {
    await session.run(units);
    spent = (await server.cpu()) - before;
  }
  await session.close();
  await server.stop();
  await load.stop();
}

async function selfTimes(title: string): Promise<string> {
  const [file] = readdirSync(PROFILES);
  const { nodes, samples, timeDeltas } = (await Bun.file(`${PROFILES}/${file}`).json()) as CpuProfile;
  const names = new Map(nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]));
  const times = new Map<string, number>();
  for (const [at, sample] of samples.entries()) {
    const name = names.get(sample) ?? '?';
    times.set(name, (times.get(name) ?? 0) + (timeDeltas[at] ?? 0));
  }
  const total = [...times].reduce((sum, [name, time]) => (name.startsWith('(idle') ? sum : sum + time), 0);
  const rows = [...times].toSorted(([, left], [, right]) => right - left).slice(0, ROWS);
  return table(
    title,
    ['function', 'self'],
    rows.map(([name, time]) => [name, `${((100 * time) / total).toFixed(1)} %`]),
  );
}

function nameOf({ functionName, url, lineNumber }: CpuProfile['nodes'][number]['callFrame']): string {
  const file = url.split('/').slice(-2).join('/');
  return file === ''
    ? functionName || '(native)'
    : `${functionName || '(anonymous)'} ${file}:${lineNumber + 1}`;
}
