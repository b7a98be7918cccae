import { BASELINE, type Contestant, TWIN } from '../contestants.ts';
import { compare, type Outcome } from '../harness/pairs.ts';
import type { Entrant } from '../harness/server.ts';
import { ratioTable } from '../report.ts';
import { manyRoutes } from './sessions.ts';
import type { Work } from './work.ts';

/**
 * The cost of a message with 1,000 routes against the same server's with 1. There all 16 connections have one handler,
 * here each has its own: what that costs is told by 16 routes, and the rest is due to their number.
 */
export const manyRoutesWork: Work = {
  name: 'routes',
  serverWork: 'many',
  open: manyRoutes,
  async measure({ load, settings, contestants, progress }) {
    const outcomes: Outcome[] = [];
    const others = contestants.filter(contestant => contestant !== TWIN && contestant.works.includes('many'));
    for (const contestant of [BASELINE, ...others]) {
      progress(`routes: ${contestant.name}`);
      const spread: Entrant = { contestant: titled(contestant, '16 routes'), work: 'many', routes: 16 };
      const thousand: Entrant = {
        contestant: titled(contestant, '1,000 routes'),
        work: 'many',
        routes: 1_000,
      };
      const twin: Entrant = { contestant: TWIN, work: 'many', routes: 1 };
      const rivals = contestant === BASELINE ? [twin, spread, thousand] : [spread, thousand];
      const baseline: Entrant = { contestant, work: 'many', routes: 1 };
      outcomes.push(...(await compare(load, { baseline, rivals, open: manyRoutes, settings })));
    }
    return ratioTable(
      'Echo with 16 and with 1,000 routes, against the same server with 1',
      'message',
      outcomes,
    );
  },
};

function titled(contestant: Contestant, routes: string): Contestant {
  return { ...contestant, title: `${contestant.title}, ${routes}` };
}
