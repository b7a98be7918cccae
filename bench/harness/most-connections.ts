import { execFileSync } from 'node:child_process';

/** Descriptors that a process needs besides its connections. */
const SPARE = 200;

/** So many connections, or as many as the system lets a process have (`ulimit -n`). */
export function mostConnections(wanted: number): number {
  const limit = execFileSync('sh', ['-c', 'ulimit -n'], { encoding: 'utf8' }).trim();
  return limit === 'unlimited' ? wanted : Math.min(wanted, Number(limit) - SPARE);
}
