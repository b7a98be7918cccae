import { existsSync, readFileSync, writeSync } from 'node:fs';

/** What a server can be started for; the rest of the arguments is for the work. */
export type ServerWork = 'echo' | 'validated' | 'upgrade' | 'broadcast' | 'many';

/** A server that listens. */
export interface Listening {
  readonly port: number;
  /** How many connections it knows of now. */
  readonly registered?: () => number;
}

/** Listens on a free loopback port for one work, and gives the port. */
export type Start = (routes: number) => Started | Promise<Started>;
type Started = number | Listening;

/** What a process has used since it started: µs of CPU, bytes. */
export interface Usage {
  readonly cpu: number;
  readonly rss: number;
  readonly heap: number;
  /** Connections that the server knows of; `null` where it does not say. */
  readonly registered: number | null;
}

export const LOOPBACK = '127.0.0.1';
export const TOPIC = 'everyone';
/** All load comes from one address. Limits that are never reached cost what they cost everybody. */
export const LOAD_LIMITS = { maxConnections: 1_000_000, maxConnectionsPerIp: 1_000_000 };
export const LOAD_RATE = { rateLimit: { rate: 1_000_000, burst: 1_000_000 } };

/**
 * Starts the work named on the command line, prints the port and the usage so far, then answers each line of
 * stdin: `cpu` with that alone, `collect` with the usage once garbage is collected. The end of stdin ends it.
 */
export async function serve(starts: Partial<Record<ServerWork, Start>>): Promise<void> {
  const [work, routes] = process.argv.slice(2);
  const start = starts[work as ServerWork];
  if (start === undefined) throw new Error(`this server has no work "${work}"`);
  const started = await start(Number(routes));
  const { port, registered = () => null } = typeof started === 'number' ? { port: started } : started;
  const usage = () => ({ ...used(), registered: registered() });
  answer({ port, usage: usage(), own: ownMemory() });
  process.stdin.setEncoding('utf8');
  process.stdin.on('data', (line: string) => {
    if (line.startsWith('collect')) collect();
    answer(line.startsWith('cpu') ? { cpu: cpu() } : usage());
  });
  process.stdin.on('end', () => process.exit(0));
}

/** Straight to the pipe: what this costs is part of what is measured. */
function answer(value: object): void {
  writeSync(1, `${JSON.stringify(value)}\n`);
}

function cpu(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

function used(): Omit<Usage, 'registered'> {
  const { rss, heapUsed } = process.memoryUsage();
  return { cpu: cpu(), rss, heap: heapUsed };
}

/**
 * The part of the RSS that is not read from files: what is read from the program and its libraries as it is first run
 * is most of the rest, and shared by all processes that run it. Linux only.
 */
function ownMemory(): number {
  const summary = '/proc/self/smaps_rollup';
  if (!existsSync(summary)) return Number.NaN;
  return 1024 * Number(/^Anonymous: +(\d+)/m.exec(readFileSync(summary, 'utf8'))?.[1]);
}

function collect(): void {
  const { Bun, gc } = globalThis as { Bun?: { gc(isSynchronous: boolean): void }; gc?: () => void };
  if (Bun === undefined) gc?.();
  else Bun.gc(true);
}
