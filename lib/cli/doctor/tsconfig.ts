import { existsSync } from 'node:fs';
import { dirname, isAbsolute, join, relative } from 'node:path';
import type { Finding } from './finding.ts';

/** Compiler options, each with the file that said so last. */
export type CompilerOptions = Readonly<Record<string, { readonly value: unknown; readonly file: string }>>;

export interface Tsconfig {
  /** `undefined` where there is none that can be read. */
  readonly options: CompilerOptions | undefined;
  readonly findings: readonly Finding[];
}

/** Reads the `tsconfig.json` of a folder, and what it extends. */
export async function readTsconfig(folder: string): Promise<Tsconfig> {
  const path = join(folder, 'tsconfig.json');
  if (existsSync(path)) return readFile(path, { folder, seen: new Set() });
  return {
    options: undefined,
    findings: [
      {
        level: 'error',
        where: 'tsconfig.json',
        what: 'there is none in this folder, so decorated parameters have no types at run time',
        fix: 'Start Bun where it is, or make one with "experimentalDecorators" and "emitDecoratorMetadata"',
      },
    ],
  };
}

interface Reading {
  readonly folder: string;
  readonly seen: Set<string>;
}

async function readFile(path: string, reading: Reading): Promise<Tsconfig> {
  if (reading.seen.has(path)) return { options: {}, findings: [] };
  reading.seen.add(path);
  const file = relative(reading.folder, path);
  const config = parse(await Bun.file(path).text());
  if (config instanceof Error) {
    const what = 'it cannot be read';
    const finding = {
      level: 'error',
      where: file,
      what,
      got: config.message,
      fix: 'Correct its syntax',
    } as const;
    return { options: undefined, findings: [finding] };
  }
  const bases = [config.extends ?? []].flat();
  const read: Tsconfig[] = [];
  for (const base of bases) read.push(await readBase(base, path, reading));
  const own = Object.entries(config.compilerOptions ?? {}).map(([name, value]) => [name, { value, file }]);
  return {
    options: Object.assign({}, ...read.map(({ options }) => options ?? {}), Object.fromEntries(own)),
    findings: read.flatMap(({ findings }) => findings),
  };
}

interface Config {
  readonly extends?: string | readonly string[];
  readonly compilerOptions?: Readonly<Record<string, unknown>>;
}

function parse(text: string): Config | Error {
  try {
    return (Bun.JSONC.parse(text) ?? {}) as Config;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

async function readBase(base: string, from: string, reading: Reading): Promise<Tsconfig> {
  const path = baseFile(base, dirname(from));
  if (path !== undefined) return readFile(path, reading);
  const finding: Finding = {
    level: 'error',
    where: relative(reading.folder, from),
    what: 'what it extends is not there',
    got: `"${base}"`,
    fix: 'Correct the path, or install the package',
  };
  return { options: {}, findings: [finding] };
}

function baseFile(base: string, folder: string): string | undefined {
  const isPath = base.startsWith('.') || isAbsolute(base);
  if (!isPath) return resolve(base, folder) ?? resolve(`${base}/tsconfig.json`, folder);
  const path = isAbsolute(base) ? base : join(folder, base);
  return [path, `${path}.json`, join(path, 'tsconfig.json')].find(
    candidate => candidate.endsWith('.json') && existsSync(candidate),
  );
}

function resolve(specifier: string, folder: string): string | undefined {
  try {
    return Bun.resolveSync(specifier, folder);
  } catch {
    return undefined;
  }
}
