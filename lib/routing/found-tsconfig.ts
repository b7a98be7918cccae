import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The `tsconfig.json` that Bun goes by, that of the folder it was started in, or that there is none. */
export function foundTsconfig(folder = process.cwd()): string {
  const file = join(folder, 'tsconfig.json');
  return existsSync(file) ? `found ${file}` : `found none in ${folder}`;
}
