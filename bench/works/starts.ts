import { BASELINE, type Contestant, TWIN } from '../contestants.ts';
import { type Entrant, Server } from '../harness/server.ts';
import { range, table } from '../report.ts';
import type { ServerWork } from '../servers/serve.ts';
import type { Bench, Work } from './work.ts';

const MEGABYTE = 1024 * 1024;

/** Memory of a server that has begun to listen, with a DTO or schema and without. */
export const startMemoryWork: Work = {
  name: 'start-memory',
  serverWork: 'echo',
  open: null,
  async measure(bench) {
    const [echo, echoOwn] = await startAll(bench, 'echo', MEMORY);
    const [validated, validatedOwn] = await startAll(bench, 'validated', MEMORY);
    return startTable(
      'Memory at start',
      ['RSS with an echo route, MB', 'its own of it', 'RSS with a DTO or schema, MB', 'its own of it'],
      [echo, echoOwn, validated, validatedOwn],
    );
  },
};

/** The time from the start of the process until it listens. */
export const bootWork: Work = {
  name: 'boot',
  serverWork: 'many',
  open: null,
  async measure(bench) {
    const [one] = await startAll(bench, 'many', [({ bootTime }) => bootTime], 1);
    const [thousand] = await startAll(bench, 'many', [({ bootTime }) => bootTime], 1_000);
    return startTable(
      'Boot, from the start of the process until it listens',
      ['1 route, ms', '1,000 routes, ms'],
      [one, thousand],
    );
  },
};

type Figures = ReadonlyMap<Contestant, readonly number[]>;
type Read = (server: Server) => number;

const MEMORY: readonly [Read, Read] = [({ started }) => started.rss / MEGABYTE, ({ own }) => own / MEGABYTE];

/** Starts every contestant in turn, so many times, and reads figures of each start. */
async function startAll<const Reads extends readonly Read[]>(
  { contestants, settings, progress }: Bench,
  work: ServerWork,
  reads: Reads,
  routes = 1,
): Promise<{ readonly [At in keyof Reads]: Figures }> {
  const entrants = [BASELINE, ...contestants.filter(contestant => contestant !== TWIN)]
    .filter(({ works }) => works.includes(work))
    .map((contestant): Entrant => ({ contestant, work, routes }));
  progress(`${settings.starts} starts for ${work}, ${routes} routes`);
  const figures = reads.map(
    () => new Map<Contestant, number[]>(entrants.map(({ contestant }) => [contestant, []])),
  );
  for (let start = 0; start < settings.starts; start++) {
    for (const entrant of entrants) {
      const server = await Server.start(entrant);
      for (const [at, read] of reads.entries()) figures[at]?.get(entrant.contestant)?.push(read(server));
      await server.stop();
    }
  }
  return figures as { readonly [At in keyof Reads]: Figures };
}

function startTable(title: string, columns: readonly string[], figures: readonly Figures[]): string {
  const contestants = new Set(figures.flatMap(column => [...column.keys()]));
  const rows = [...contestants].map(contestant => [
    contestant.title,
    ...figures.map(column => range(column.get(contestant) ?? [])),
  ]);
  return table(title, ['', ...columns], rows);
}
