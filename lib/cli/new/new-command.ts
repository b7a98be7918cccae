import { readdirSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { applyChanges } from '../change-set.ts';
import { CliError } from '../cli-error.ts';
import type { Command, Given } from '../command.ts';
import { nameOf } from '../names.ts';
import { packageInfo } from '../package-info.ts';
import { projectFiles } from './project-files.ts';
import { sourceFiles } from './source-files.ts';

export const newCommand: Command = {
  name: 'new',
  aliases: ['n'],
  what: 'make a project: sources, a feature with its spec, both tsconfig flags',
  arguments: [
    { name: 'name', isRequired: true, what: 'the folder to make, which names the project; . is this one' },
  ],
  options: {
    'skip-install': { type: 'boolean', short: 's', what: 'leave bun install to you' },
    package: {
      type: 'string',
      value: '<spec>',
      what: 'what to install as gatewire: a range, or file:../gatewire.tgz',
    },
    'dry-run': { type: 'boolean', short: 'd', what: 'say what would be made, and make nothing' },
    force: { type: 'boolean', short: 'f', what: 'replace files that are there' },
  },
  run: makeProject,
};

async function makeProject({ arguments: [target = ''], flags, values }: Given): Promise<number> {
  const folder = join(process.cwd(), target);
  const name = nameOf(basename(folder)).kebab;
  const isForced = flags.has('force');
  const isDry = flags.has('dry-run');
  if (!isForced) refuseFilled(target, folder);
  const info = await packageInfo();
  const gatewire = values.get('package') ?? `^${info.version}`;
  const files = [...projectFiles({ name, gatewire, info }), ...sourceFiles()];
  const path = relative(process.cwd(), folder);
  const changes = files.map(file => ({ ...file, path: join(path, file.path) }));
  await applyChanges(changes, { cwd: process.cwd(), isForced, isDry });
  if (isDry) return 0;
  const isInstalled = !flags.has('skip-install') && (await install(folder));
  console.log(nextSteps(path, isInstalled));
  return isInstalled || flags.has('skip-install') ? 0 : 1;
}

function refuseFilled(target: string, folder: string): void {
  const [first] = entriesOf(target, folder).filter(entry => !entry.startsWith('.git'));
  if (first === undefined) return;
  throw new CliError(
    `gatewire new: the folder ${target} is not empty (got ${first}). Choose another name, or add to it with --force`,
  );
}

function entriesOf(target: string, folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return [];
    throw new CliError(
      `gatewire new: ${target} cannot be used as a folder (got ${code}). Choose another name`,
    );
  }
}

async function install(folder: string): Promise<boolean> {
  console.log('\nbun install');
  const child = Bun.spawn([process.execPath, 'install'], {
    cwd: folder,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if ((await child.exited) === 0) return true;
  console.error(
    'gatewire new: the files are there, but bun install failed (see above). Run it again in the folder',
  );
  return false;
}

function nextSteps(path: string, isInstalled: boolean): string {
  const steps = [...(path === '' ? [] : [`cd ${path}`]), ...(isInstalled ? [] : ['bun install'])];
  return ['', 'Next:', ...[...steps, 'bun run start:dev', 'bun run test'].map(step => `  ${step}`)].join(
    '\n',
  );
}
