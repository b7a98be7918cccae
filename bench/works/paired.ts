import { BASELINE, type Contestant } from '../contestants.ts';
import { compare, type OpenSession } from '../harness/pairs.ts';
import { ratioTable } from '../report.ts';
import type { ServerWork } from '../servers/serve.ts';
import type { Work } from './work.ts';

interface PairedWork {
  readonly name: string;
  readonly title: string;
  readonly serverWork: ServerWork;
  readonly open: OpenSession;
  /** What one unit is, for the table. */
  readonly unit: string;
}

/** Work whose CPU is compared with that of raw Bun, in pairs. */
export function pairedWork({ name, title, serverWork, open, unit }: PairedWork): Work {
  return {
    name,
    serverWork,
    open,
    async measure({ load, settings, contestants, progress }) {
      const rivals = contestants.filter(({ works }) => works.includes(serverWork));
      progress(`${name}: ${rivals.map(rival => rival.name).join(', ')}`);
      const outcomes = await compare(load, {
        baseline: { contestant: BASELINE, work: serverWork },
        rivals: rivals.map((contestant: Contestant) => ({ contestant, work: serverWork })),
        open,
        settings,
      });
      return ratioTable(title, unit, outcomes);
    },
  };
}
