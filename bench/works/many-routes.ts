import { compare, type Outcome } from '../harness/pairs.ts';
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
    for (const contestant of contestants.filter(({ works }) => works.includes('many'))) {
      progress(`routes: ${contestant.name}`);
      const [outcome] = await compare(load, {
        baseline: { contestant, work: 'many', routes: 1 },
        rivals: [{ contestant, work: 'many', routes: 1_000 }],
        open: manyRoutes,
        settings,
      });
      if (outcome !== undefined) outcomes.push(outcome);
    }
    return ratioTable('Echo with 1,000 routes, against the same server with 1', 'message', outcomes);
  },
};
