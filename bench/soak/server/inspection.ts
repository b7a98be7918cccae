import { heapStats } from 'bun:jsc';
import type { Application, Connection } from 'gatewire';
import { Publisher } from 'gatewire';
import { type Host, routeOf } from '../../../lib/server/host.ts';
import type { StallWatch } from '../stall-watch.ts';
import { Tally } from './tally.ts';
import type { WatchedLog } from './watched-log.ts';

/** What a server holds and what it has done so far. */
export interface Inspection {
  readonly pid: number;
  /** µs since the start of the process. */
  readonly cpu: number;
  /** Bytes. */
  readonly rss: number;
  readonly heap: number;
  /** Objects in the JS heap. */
  readonly objects: number;
  /** What is registered now, by registry; the control client's connection is one of `connections` and `sockets`. */
  readonly registered: Readonly<Record<Registry, number>>;
  readonly tally: Readonly<Record<Counter, number>>;
  /** The longest time that the event loop stood still, in milliseconds. */
  readonly stall: number;
  readonly logLines: number;
  /** Lines of the log that nothing in the load is the cause of. */
  readonly findings: readonly string[];
}

type Registry = 'connections' | 'sockets' | 'pendingUpgrades' | 'timedHooks' | 'users' | 'topics';
type Counter = Exclude<keyof Tally, 'watch'>;

/** The inside of the server that a connection belongs to; no part of what Gatewire exports. */
export function hostOf(connection: Connection): Host {
  return routeOf(connection).host;
}

/** What an inspection looks at. */
export interface Inspected {
  readonly app: Application;
  readonly host: Host;
  readonly log: WatchedLog;
  readonly stalls: StallWatch;
}

export function inspect({ app, host, log, stalls }: Inspected): Inspection {
  const stall = stalls.longest;
  const { user, system } = process.cpuUsage();
  Bun.gc(true);
  const { users, topics } = app.get(Publisher);
  const { heapSize, objectCount } = heapStats();
  return {
    pid: process.pid,
    cpu: user + system,
    rss: process.memoryUsage.rss(),
    heap: heapSize,
    objects: objectCount,
    registered: {
      connections: host.connections.size,
      sockets: app.server.pendingWebSockets,
      pendingUpgrades: host.admission.pending,
      timedHooks: host.waiting.size,
      users: users.size,
      topics: topics.size,
    },
    tally: { ...app.get(Tally) },
    stall,
    logLines: log.lines,
    findings: log.findings,
  };
}
