import { BASELINE, type Contestant, TWIN } from '../contestants.ts';
import { mostConnections } from '../harness/most-connections.ts';
import { Server } from '../harness/server.ts';
import { range, table } from '../report.ts';
import type { Bench, Work } from './work.ts';

const REPEATS = 3;

/** What one idle connection costs the server in memory. */
export const idleWork: Work = {
  name: 'idle',
  serverWork: 'echo',
  open: null,
  async measure(bench) {
    const size = mostConnections(bench.settings.crowd);
    const contestants = [BASELINE, ...bench.contestants.filter(contestant => contestant !== TWIN)];
    const served = contestants.filter(({ works }) => works.includes('echo'));
    const rss = new Map<Contestant, number[]>(served.map(contestant => [contestant, []]));
    const heap = new Map<Contestant, number[]>(served.map(contestant => [contestant, []]));
    for (let repeat = 0; repeat < REPEATS; repeat++) {
      bench.progress(`idle: ${size} connections, ${repeat + 1} of ${REPEATS}`);
      for (const contestant of served) {
        const each = await measureCrowd(bench, contestant, size);
        rss.get(contestant)?.push(each.rss);
        heap.get(contestant)?.push(each.heap);
      }
    }
    const rows = served.map(contestant => [
      contestant.title,
      range(rss.get(contestant) ?? [], 0),
      range(heap.get(contestant) ?? [], 0),
    ]);
    const title = `An idle connection, of ${size.toLocaleString('en')}`;
    return table(title, ['', 'RSS each, bytes', 'JS heap each, bytes'], rows);
  },
};

async function measureCrowd({ load }: Bench, contestant: Contestant, size: number) {
  const server = await Server.start({ contestant, work: 'echo' });
  const address = { port: server.port, path: '/' };
  // The first ones pay for what is made once.
  await load.tell({ do: 'gather', address, size: 100 });
  await load.tell({ do: 'disperse' });
  const before = await server.collect();
  await load.tell({ do: 'gather', address, size });
  const after = await server.collect();
  await load.tell({ do: 'disperse' });
  await server.stop();
  return { rss: (after.rss - before.rss) / size, heap: (after.heap - before.heap) / size };
}
