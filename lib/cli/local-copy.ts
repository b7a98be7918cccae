import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { findPackage } from './installed-package.ts';
import { PACKAGE_ROOT } from './package-info.ts';

/**
 * Hands the command to the copy of gatewire that the project in this folder has installed, and gives its exit
 * code: another copy could not read the project's decorators, and may write for another version. `null` when this
 * is that copy, or there is none.
 */
export async function runOfProject(args: readonly string[]): Promise<number | null> {
  const root = (await findPackage('gatewire', process.cwd()))?.root;
  if (root === undefined || root === realpathSync(PACKAGE_ROOT)) return null;
  const bin = join(root, 'dist/cli/gatewire.js');
  if (!existsSync(bin)) return null;
  const child = Bun.spawn([process.execPath, bin, ...args], { stdio: ['inherit', 'inherit', 'inherit'] });
  return child.exited;
}
