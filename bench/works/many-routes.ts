import { BASELINE, TWIN } from '../contestants.ts';
import { compare, type Outcome } from '../harness/pairs.ts';
import type { Entrant } from '../harness/server.ts';
import { ratioTable } from '../report.ts';
import { manyRoutes } from './sessions.ts';
import type { Work } from './work.ts';

/** The cost of a message with 1,000 routes against the same server's with 1. */
export const manyRoutesWork: Work = {
  name: 'routes',
  serverWork: 'many',
  open: manyRoutes,
  async measure({ load, settings, contestants, progress }) {
    const outcomes: Outcome[] = [];
    const others = contestants.filter(contestant => contestant !== TWIN && contestant.works.includes('many'));
    for (const contestant of [BASELINE, ...others]) {
      progress(`routes: ${contestant.name}`);
      const thousand: Entrant = { contestant, work: 'many', routes: 1_000 };
      const twin: Entrant = { contestant: TWIN, work: 'many', routes: 1 };
      const rivals = contestant === BASELINE ? [twin, thousand] : [thousand];
      const baseline: Entrant = { contestant, work: 'many', routes: 1 };
      outcomes.push(...(await compare(load, { baseline, rivals, open: manyRoutes, settings })));
    }
    return ratioTable('Echo with 1,000 routes, against the same server with 1', 'message', outcomes);
  },
};
