import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CliError } from './cli-error.ts';

/** The folder that a command works on: the one it is run in, which has to be a project's. */
export function projectFolder(command: string): string {
  const folder = process.cwd();
  if (existsSync(join(folder, 'package.json'))) return folder;
  throw new CliError(
    `gatewire ${command}: there is no package.json in ${folder}. Run it in the folder of a project`,
  );
}
