import { join } from 'node:path';
import { packageInfo } from '../package-info.ts';
import type { Finding } from './finding.ts';

/** Bun against what gatewire needs, and against what the project says it needs. */
export async function checkBunVersion(folder: string): Promise<readonly Finding[]> {
  const { engines } = await packageInfo();
  const wanted = [
    { who: 'gatewire', range: engines.bun },
    { who: 'package.json', range: await ownRange(folder) },
  ];
  return wanted.flatMap(({ who, range }): Finding[] => {
    if (range === undefined || Bun.semver.satisfies(Bun.version, range)) return [];
    return [
      {
        level: 'error',
        where: 'Bun',
        what: `${who} needs ${range}`,
        got: Bun.version,
        fix: 'Run bun upgrade, or start a newer one: npx bun@latest',
      },
    ];
  });
}

async function ownRange(folder: string): Promise<string | undefined> {
  const file = Bun.file(join(folder, 'package.json'));
  if (!(await file.exists())) return undefined;
  const { engines } = (await file.json()) as { readonly engines?: { readonly bun?: string } };
  return engines?.bun;
}
