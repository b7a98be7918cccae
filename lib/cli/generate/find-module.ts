import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { CliError } from '../cli-error.ts';

/**
 * The module file nearest to a folder, looking upwards as far as `root`; `undefined` where there is none.
 *
 * @throws CliError when the nearest folder has several and none is named after it.
 */
export function findModule(cwd: string, folder: string, root: string): string | undefined {
  const found = modulesIn(join(cwd, folder));
  const [first, ...others] = found;
  if (first !== undefined) {
    if (others.length === 0) return join(folder, first);
    const named = found.find(file => file === `${basename(folder)}.module.ts` || file === 'app.module.ts');
    if (named !== undefined) return join(folder, named);
    throw new CliError(
      `${folder}: several modules, none named after the folder (got ${found.join(', ')}). Name one with --module <file>`,
    );
  }
  const parent = dirname(folder);
  return folder === root || parent === folder ? undefined : findModule(cwd, parent, root);
}

function modulesIn(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter(file => file.endsWith('.module.ts'))
    .sort();
}
