import { beforeAll, describe, expect, it } from 'vitest';
import { BASELINE, CONTESTANTS, type Contestant } from '../../bench/contestants.ts';
import { Load } from '../../bench/harness/load.ts';
import { mostConnections } from '../../bench/harness/most-connections.ts';
import { type Crowd, measureCrowd } from '../../bench/works/crowd.ts';

/** Fewer where the system does not let a process have as many (`ulimit -n`). */
const SIZE = mostConnections(10_000);
const GATEWIRE = CONTESTANTS.find(({ name }) => name === 'gatewire') as Contestant;
const WITHIN = 1.2;
const KIB = 1024;

let bare: Crowd;
let crowd: Crowd;

beforeAll(async () => {
  [bare, crowd] = await Promise.all([BASELINE, GATEWIRE].map(crowdOf) as [Promise<Crowd>, Promise<Crowd>]);
}, 60_000);

async function crowdOf(contestant: Contestant): Promise<Crowd> {
  const load = new Load();
  try {
    return await measureCrowd(load, contestant, SIZE);
  } finally {
    await load.stop();
  }
}

describe(`${SIZE} connections`, () => {
  it('each get exactly what is published, twice four messages in each of two visits', () => {
    expect(crowd.delivered).toBe(SIZE * 16);
  });

  it('cost at most 8 KiB more each than with bare Bun', () => {
    expect(crowd.each.rss).toBeGreaterThan(0);
    expect(crowd.each.rss - bare.each.rss).toBeLessThan(8 * KIB);
  });

  it('are registered while they are there, and forgotten when they have left', () => {
    expect(crowd.full.map(({ registered }) => registered)).toEqual([SIZE, SIZE]);
    expect(crowd.empty.map(({ registered }) => registered)).toEqual([0, 0, 0]);
  });

  it('give the memory back when they leave, to within a fifth', () => {
    const [before, once, twice] = crowd.empty.map(({ rss }) => rss) as [number, number, number];
    expect(once).toBeLessThan(before * WITHIN);
    expect(twice).toBeLessThan(before * WITHIN);
  });
});
