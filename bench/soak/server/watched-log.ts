import type { Logger } from 'gatewire';
import { describe } from '../../../lib/observability/logger.ts';
import { ChaosError } from './chaos.ts';

const MOST_FINDINGS = 20;

/** Lines that the load causes on purpose, whatever was thrown there. */
const EXPECTED = [
  /LaneController\.(misbehave|guarded|ask|stream|hang)\(\)( abort listener)? (failed|refused)$/,
  /^the hooks of an upgrade of \w*LaneController took too long$/,
  /has maxConnectionsPerIp/,
  // The machine's doing as often as ours; the report has the longest time.
  /^the event loop stood still/,
  / refused$/,
];

/** Counts the lines, and keeps those that nothing in the load is the cause of. */
export class WatchedLog implements Logger {
  lines = 0;
  readonly #findings = new Map<string, string>();

  /** The first of each message. */
  get findings(): readonly string[] {
    return [...this.#findings.values()];
  }

  debug(): void {}

  info(): void {}

  warn(facts: object, message: string): void {
    this.#take(facts, message);
  }

  error(facts: object, message: string): void {
    this.#take(facts, message);
  }

  #take({ error }: { readonly error?: unknown }, message: string): void {
    this.lines++;
    // What misbehaves on purpose may throw when it is looked at.
    if (EXPECTED.some(pattern => pattern.test(message)) || error instanceof ChaosError) return;
    if (this.#findings.has(message) || this.#findings.size >= MOST_FINDINGS) return;
    const { stack, message: reason } = describe(error);
    this.#findings.set(message, `${message}: ${stack ?? reason}`);
  }
}
