import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CliError } from './cli-error.ts';

/** A file that a command makes, or whose text it replaces. */
export interface Change {
  /** From the folder the command runs in. */
  readonly path: string;
  readonly text: string;
  /** Whether the file is there and is meant to be changed. */
  readonly isUpdate?: boolean;
}

export interface ApplyOptions {
  readonly cwd: string;
  /** Replaces files that are there. */
  readonly isForced: boolean;
  /** Says what it would do, and does nothing. */
  readonly isDry: boolean;
}

/**
 * Writes all of the changes, a line each, or none.
 *
 * @throws CliError naming every file that is there already.
 */
export async function applyChanges(
  changes: readonly Change[],
  { cwd, isForced, isDry }: ApplyOptions,
): Promise<void> {
  const taken = changes.filter(({ path, isUpdate }) => !isUpdate && existsSync(join(cwd, path)));
  if (taken.length > 0 && !isForced) {
    const paths = taken.map(({ path }) => path).join(', ');
    throw new CliError(
      `${paths}: there already, nothing was written. Choose another name, or replace with --force`,
    );
  }
  for (const { path, text, isUpdate } of changes) {
    const verb = isUpdate || taken.some(other => other.path === path) ? 'UPDATE' : 'CREATE';
    if (!isDry) await Bun.write(join(cwd, path), text);
    console.log(`${verb} ${path} (${Buffer.byteLength(text)} bytes)`);
  }
  if (isDry) console.log('\nA dry run: nothing was written.');
}
