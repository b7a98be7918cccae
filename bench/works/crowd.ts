import { BASELINE, type Contestant, TWIN } from '../contestants.ts';
import type { Load } from '../harness/load.ts';
import { mostConnections } from '../harness/most-connections.ts';
import { Server } from '../harness/server.ts';
import { speeches } from '../messages.ts';
import { table } from '../report.ts';
import type { Usage } from '../servers/serve.ts';
import type { Work } from './work.ts';

/** Times that the crowd comes and goes: what is made once is made by the first one. */
const VISITS = 2;
/** Messages that are published together, two times. */
const MESSAGES = 4;

/** How often the memory of a server must be the same before it is taken for what is left, and what is the same. */
const STEADY = 4;
const NOTICEABLE = 0.99;

/** What became of a server that many connections came to, and left again. */
export interface Crowd {
  readonly size: number;
  /** Of one connection, when the first crowd was there. */
  readonly each: { readonly rss: number; readonly heap: number };
  /** Frames that were received of what was published to all: twice `MESSAGES` for each connection in each visit. */
  readonly delivered: number;
  /** Before the first crowd, and after each one. */
  readonly empty: readonly Usage[];
  /** While each crowd was there. */
  readonly full: readonly Usage[];
}

/** What many subscribed connections cost while they are there and after they have left. */
export const crowdWork: Work = {
  name: 'crowd',
  serverWork: 'broadcast',
  open: null,
  async measure({ load, settings, contestants, progress }) {
    const size = mostConnections(settings.crowd);
    const served = [BASELINE, ...contestants].filter(
      each => each !== TWIN && each.works.includes('broadcast'),
    );
    const rows: string[][] = [];
    for (const contestant of served) {
      progress(`crowd: ${contestant.name}, ${size} connections`);
      rows.push(rowOf(contestant, await measureCrowd(load, contestant, size)));
    }
    const title = `A crowd of ${size.toLocaleString('en')} that comes and goes twice`;
    const columns = [
      'RSS each',
      'JS heap each',
      'received',
      'registered',
      'RSS before',
      'gone once',
      'gone twice',
    ];
    return table(title, ['', ...columns], rows);
  },
};

/**
 * Lets so many connections come, checks that each gets exactly what is published, byte by byte, and lets them go,
 * twice.
 *
 * @throws Error at the first frame that is wrong, missing or one too many.
 */
export async function measureCrowd(load: Load, contestant: Contestant, size: number): Promise<Crowd> {
  const server = await Server.start({ contestant, work: 'broadcast' });
  try {
    // The first ones pay for what is made once.
    await visit(load, server, { contestant, size: 100 });
    const empty = [await server.collect()];
    const full: Usage[] = [];
    let delivered = 0;
    for (let visits = 0; visits < VISITS; visits++) {
      const seen = await visit(load, server, { contestant, size });
      delivered += seen.delivered;
      full.push(seen.full);
      empty.push(await settled(server));
    }
    const [before, there] = [empty[0] as Usage, full[0] as Usage];
    const each = { rss: (there.rss - before.rss) / size, heap: (there.heap - before.heap) / size };
    return { size, each, delivered, empty, full };
  } finally {
    await server.stop();
  }
}

/** The usage once it falls no further: what was freed goes back to the system bit by bit. */
async function settled(server: Server): Promise<Usage> {
  let least = await server.collect();
  for (let steady = 0; steady < STEADY; ) {
    const usage = await server.collect();
    if (usage.rss < least.rss * NOTICEABLE) steady = 0;
    else steady++;
    if (usage.rss < least.rss) least = usage;
  }
  return least;
}

async function visit(
  load: Load,
  server: Server,
  { contestant, size }: { readonly contestant: Contestant; readonly size: number },
) {
  const address = { port: server.port, path: '/' };
  const exchanges = speeches(contestant.dialect);
  await load.tell({ do: 'audience', key: 'crowd', address, exchanges, size });
  const full = await server.collect();
  // One that comes twice or too late is found the second time.
  const count = size * MESSAGES;
  const delivered = [];
  for (let times = 0; times < 2; times++) delivered.push(await load.tell({ do: 'run', key: 'crowd', count }));
  await load.tell({ do: 'close', key: 'crowd' });
  return { full, delivered: (delivered as number[]).reduce((sum, each) => sum + each, 0) };
}

function rowOf({ title }: Contestant, { each, delivered, empty, full }: Crowd): string[] {
  const registered = [full[0], empty[1]].map(usage => usage?.registered ?? '–').join(', then ');
  return [
    title,
    Math.round(each.rss).toLocaleString('en'),
    Math.round(each.heap).toLocaleString('en'),
    delivered.toLocaleString('en'),
    registered,
    ...empty.map(({ rss }) => `${(rss / 2 ** 20).toFixed(1)} MiB`),
  ];
}
