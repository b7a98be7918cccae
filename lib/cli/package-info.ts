import { join } from 'node:path';

/** What the commands need of gatewire's own `package.json`. */
export interface PackageInfo {
  readonly version: string;
  readonly engines: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

/** The folder of the package that this code is part of, from its sources as from `dist`. */
export const PACKAGE_ROOT = join(import.meta.dirname, '../..');

export function packageInfo(): Promise<PackageInfo> {
  return Bun.file(join(PACKAGE_ROOT, 'package.json')).json();
}
