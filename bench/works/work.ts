import type { Contestant } from '../contestants.ts';
import type { Load } from '../harness/load.ts';
import type { OpenSession } from '../harness/pairs.ts';
import type { Settings } from '../options.ts';
import type { ServerWork } from '../servers/serve.ts';

/** What a work is measured with. */
export interface Bench {
  readonly load: Load;
  readonly settings: Settings;
  readonly contestants: readonly Contestant[];
  readonly progress: (line: string) => void;
}

/** One thing that is measured. */
export interface Work {
  /** For the command line. */
  readonly name: string;
  /** What the server is started for; `null` where there is none. */
  readonly serverWork: ServerWork | null;
  /** How to make a server do it; `null` where that is not repeated. */
  readonly open: OpenSession | null;
  /** Gives its section of the report. */
  readonly measure: (bench: Bench) => Promise<string>;
}
