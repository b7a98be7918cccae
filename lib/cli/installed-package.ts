import { existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface InstalledPackage {
  readonly name: string;
  readonly version: string;
  /** Its real folder, behind links. */
  readonly root: string;
  /** What it loads, or lets its users install for it. */
  readonly dependencies: readonly string[];
}

/** The package that a file in a folder gets by this name: of the nearest `node_modules`. */
export async function findPackage(name: string, from: string): Promise<InstalledPackage | undefined> {
  const manifest = join(from, 'node_modules', name, 'package.json');
  if (existsSync(manifest)) return readPackage(name, manifest);
  const parent = dirname(from);
  return parent === from ? undefined : findPackage(name, parent);
}

async function readPackage(name: string, manifest: string): Promise<InstalledPackage> {
  const { version = '', dependencies = {}, peerDependencies = {} } = await Bun.file(manifest).json();
  return {
    name,
    version,
    root: realpathSync(dirname(manifest)),
    dependencies: Object.keys({ ...dependencies, ...peerDependencies }),
  };
}
