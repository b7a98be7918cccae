import { relative } from 'node:path';
import { findPackage, type InstalledPackage } from '../installed-package.ts';
import type { Finding } from './finding.ts';

/** Packages whose decorators write what gatewire reads: with two copies one does not see the other's. */
const SINGLE: Readonly<Record<string, Finding['level']>> = {
  gatewire: 'error',
  'class-validator': 'error',
  'class-transformer': 'error',
  // From 0.2 on its copies share what they record; an older one does not.
  'reflect-metadata': 'warning',
};

/** Each package that must be there once: whether it is, and only once, for all that can load it. */
export async function checkCopies(folder: string): Promise<readonly Finding[]> {
  const copies = await findCopies(folder);
  return Object.entries(SINGLE).flatMap(([name, level]): Finding[] => {
    const found = [...(copies.get(name) ?? [])];
    if (found.length === 0) return [missing(name)];
    if (found.length === 1) return [];
    return [
      {
        level,
        where: name,
        what: 'it is installed more than once, so one copy does not see what the decorators of another said',
        got: found.map(([root, copy]) => describeCopy(folder, root, copy)).join(', '),
        fix: `Let all of them ask for the same version; bun pm ls --all | grep ${name} lists it`,
      },
    ];
  });
}

interface Copy {
  readonly version: string;
  /** Who loads it; the project itself has no name. */
  readonly dependents: string[];
}

/** Goes from the project through all that it depends on, as modules are resolved at run time. */
async function findCopies(folder: string): Promise<ReadonlyMap<string, ReadonlyMap<string, Copy>>> {
  const copies = new Map<string, Map<string, Copy>>();
  const seen = new Set<string>();
  const note = (found: InstalledPackage, dependent: string) => {
    const ofName = copies.get(found.name) ?? new Map<string, Copy>();
    const copy = ofName.get(found.root) ?? { version: found.version, dependents: [] };
    copy.dependents.push(dependent);
    copies.set(found.name, ofName.set(found.root, copy));
  };
  const visit = async (from: string, names: readonly string[], dependent: string) => {
    for (const name of names) {
      const found = await findPackage(name, from);
      if (found === undefined) continue;
      if (Object.hasOwn(SINGLE, name)) note(found, dependent);
      if (seen.has(found.root)) continue;
      seen.add(found.root);
      await visit(found.root, found.dependencies, name);
    }
  };
  // Whether or not package.json lists them, the sources import them from here.
  await visit(folder, [...Object.keys(SINGLE), ...(await ownDependencies(folder))], '');
  return copies;
}

async function ownDependencies(folder: string): Promise<readonly string[]> {
  const file = Bun.file(`${folder}/package.json`);
  if (!(await file.exists())) return [];
  const { dependencies = {} } = (await file.json()) as {
    readonly dependencies?: Readonly<Record<string, string>>;
  };
  return Object.keys(dependencies);
}

function missing(name: string): Finding {
  return { level: 'error', where: name, what: 'it is not installed', fix: `Run bun add ${name}` };
}

function describeCopy(folder: string, root: string, { version, dependents }: Copy): string {
  const others = [...new Set(dependents)].filter(dependent => dependent !== '');
  const who = others.length === 0 ? '' : ` for ${others.join(' and ')}`;
  return `${version} in ${relative(folder, root)}${who}`;
}
