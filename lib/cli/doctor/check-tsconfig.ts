import type { Finding } from './finding.ts';
import { readTsconfig } from './tsconfig.ts';

const FLAGS = ['experimentalDecorators', 'emitDecoratorMetadata'] as const;
const BUN_READS = 'Bun reads the tsconfig.json of the folder it is started in, and no other';

/** The two flags without which decorated parameters have no types, also where they are inherited from. */
export async function checkTsconfig(folder: string): Promise<readonly Finding[]> {
  const { options, findings } = await readTsconfig(folder);
  if (options === undefined) return findings;
  const missing = FLAGS.filter(flag => options[flag]?.value !== true).map((flag): Finding => {
    const given = options[flag];
    const from = given === undefined || given.file === 'tsconfig.json' ? '' : ` from ${given.file}`;
    return {
      level: 'error',
      where: 'tsconfig.json',
      what: `"${flag}" is not on, so decorated parameters have no types at run time`,
      got: given === undefined ? 'nothing' : `${JSON.stringify(given.value)}${from}`,
      fix: `Set it to true in its compilerOptions; ${BUN_READS}`,
    };
  });
  return [...findings, ...missing];
}
