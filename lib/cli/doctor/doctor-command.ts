import type { Command } from '../command.ts';
import { projectFolder } from '../project-folder.ts';
import { checkBunVersion } from './check-bun-version.ts';
import { checkCircles } from './check-circles.ts';
import { checkCopies } from './check-copies.ts';
import { checkTsconfig } from './check-tsconfig.ts';
import { checkTypeImports } from './check-type-imports.ts';
import { describeFinding, type Finding } from './finding.ts';
import { readSources } from './source-file.ts';

export const doctorCommand: Command = {
  name: 'doctor',
  aliases: [],
  what: 'find what goes wrong without an error: tsconfig flags, versions, copies, imports',
  arguments: [],
  options: {},
  run: async () => {
    const findings = await examine(projectFolder('doctor'));
    for (const finding of findings) console.log(describeFinding(finding));
    console.log(summary(findings));
    return findings.some(({ level }) => level === 'error') ? 1 : 0;
  },
};

async function examine(folder: string): Promise<readonly Finding[]> {
  const { sources, findings } = await readSources(folder);
  return [
    ...(await checkTsconfig(folder)),
    ...(await checkBunVersion(folder)),
    ...(await checkCopies(folder)),
    ...findings,
    ...(await checkTypeImports(sources)),
    ...checkCircles(sources),
  ];
}

function summary(findings: readonly Finding[]): string {
  const errors = findings.filter(({ level }) => level === 'error').length;
  const warnings = findings.length - errors;
  if (findings.length === 0) return 'Nothing is wrong.';
  return `\n${counted(errors, 'error')}, ${counted(warnings, 'warning')}`;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
