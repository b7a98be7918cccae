import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { BENCH, ROOT } from './harness/paths.ts';

/** Installs what Gatewire is compared with, the first time. */
export function installPeers(): void {
  if (existsSync(`${BENCH}/node_modules/elysia`)) return;
  console.error('installing the contestants (once)');
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], BENCH);
}

/** Compiles the servers that run on Node, which knows no decorators. */
export function buildForNode(): void {
  run(`${ROOT}/node_modules/.bin/tsc`, ['-p', `${BENCH}/tsconfig.node.json`], ROOT);
}

export function nodeVersion(): string {
  return execFileSync('node', ['--version'], { encoding: 'utf8' }).trim().slice(1);
}

function run(program: string, args: readonly string[], cwd: string): void {
  execFileSync(program, args, { cwd, stdio: ['ignore', process.stderr.fd, process.stderr.fd] });
}
