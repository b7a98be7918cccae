import { dirname, join, relative, sep } from 'node:path';
import { applyChanges, type Change } from '../change-set.ts';
import { CliError } from '../cli-error.ts';
import type { Command, Given } from '../command.ts';
import { nameOf } from '../names.ts';
import { choose } from '../parse-arguments.ts';
import { projectFolder } from '../project-folder.ts';
import { editModule } from './edit-module.ts';
import { findModule } from './find-module.ts';
import { PARTS, type Part, type PartKind } from './parts.ts';

const SOURCES = 'src';

export const generateCommand: Command = {
  name: 'generate',
  aliases: ['g'],
  what: 'make a part of an application, with its spec, and add it to the nearest module',
  arguments: [
    {
      name: 'part',
      isRequired: true,
      what: 'which part',
      choices: Object.fromEntries(Object.entries(PARTS).map(([kind, { what }]) => [kind, what])),
    },
    { name: 'name', isRequired: true, what: 'its name, below src: rooms, chat/rooms' },
  ],
  options: {
    flat: { type: 'boolean', what: 'no folder of its own' },
    'no-spec': { type: 'boolean', what: 'no spec' },
    module: {
      type: 'string',
      short: 'm',
      value: '<file>',
      what: 'the module to add it to, instead of the nearest',
    },
    'skip-import': { type: 'boolean', what: 'add it to no module' },
    'dry-run': { type: 'boolean', short: 'd', what: 'say what would be made, and make nothing' },
    force: { type: 'boolean', short: 'f', what: 'replace files that are there' },
  },
  run: generate,
};

const SHORT_KINDS: Readonly<Record<string, PartKind>> = {
  co: 'controller',
  f: 'filter',
  gu: 'guard',
  itc: 'interceptor',
  mo: 'module',
  pi: 'pipe',
  res: 'resource',
  s: 'service',
};

async function generate({ arguments: [kind = '', path = ''], flags, values }: Given): Promise<number> {
  const long = Object.hasOwn(SHORT_KINDS, kind) ? (SHORT_KINDS[kind] ?? kind) : kind;
  const part = choose(long, new Map(Object.entries(PARTS)), { where: 'gatewire generate', kind: 'part' });
  const place = placeOf(path, part, flags.has('flat'));
  const cwd = projectFolder('generate');
  const files = part
    .files(place.name)
    .filter(file => !(flags.has('no-spec') && file.path.endsWith('.spec.ts')))
    .map(file => ({ ...file, path: join(place.folder, file.path) }));
  const update = flags.has('skip-import') ? [] : await moduleUpdate(part, place, values.get('module'));
  const options = { cwd, isForced: flags.has('force'), isDry: flags.has('dry-run') };
  await applyChanges([...files, ...update], options);
  return 0;
}

interface Place {
  readonly name: ReturnType<typeof nameOf>;
  /** Where its files go. */
  readonly folder: string;
  /** Where the search for a module begins: a module does not belong to itself. */
  readonly above: string;
}

function placeOf(path: string, part: Part, isFlat: boolean): Place {
  const segments = path.split('/').filter(segment => segment !== '' && segment !== '.');
  if (segments.includes('..') || path.startsWith('/')) {
    throw new CliError(
      `gatewire generate: the name must be below ${SOURCES} (got "${path}"). Try chat/rooms`,
      2,
    );
  }
  const name = nameOf(segments.pop() ?? '');
  const above = join(SOURCES, ...segments.map(segment => nameOf(segment).kebab));
  const folder = isFlat ? above : join(above, name.kebab);
  return { name, folder, above: part.list === 'imports' ? above : folder };
}

async function moduleUpdate(part: Part, place: Place, given: string | undefined): Promise<Change[]> {
  const { list } = part;
  if (list === undefined) return [];
  const cwd = process.cwd();
  const path = given ?? findModule(cwd, place.above, SOURCES);
  if (path === undefined) {
    console.log(`No module in ${place.above} or above it: add the ${list} entry where it belongs.`);
    return [];
  }
  const file = Bun.file(join(cwd, path));
  if (!(await file.exists())) {
    throw new CliError(
      `gatewire generate: there is no module ${path} (from --module). Name its file, src/app.module.ts`,
    );
  }
  const source = await file.text();
  const entry = { list, ...part.entry(place.name) };
  const from = importPath(path, join(place.folder, entry.file));
  const text = editModule(source, { list, className: entry.className, from }, path);
  return text === source ? [] : [{ path, text, isUpdate: true }];
}

function importPath(module: string, file: string): string {
  const path = relative(dirname(module), file);
  const posix = path.replaceAll(sep, '/');
  return posix.startsWith('.') ? posix : `./${posix}`;
}
