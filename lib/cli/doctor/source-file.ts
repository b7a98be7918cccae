import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type Decoration, readDecorations } from './decorations.ts';
import type { Finding } from './finding.ts';
import { type ImportStatement, readImports } from './import-statement.ts';

/** A TypeScript file of the project, as far as the doctor reads it. */
export interface SourceFile {
  readonly path: string;
  /** From the project's folder. */
  readonly name: string;
  readonly imports: readonly ImportStatement[];
  readonly decorations: readonly Decoration[];
  /** What it imports when it is loaded; type-only imports are none. */
  readonly loads: readonly string[];
}

const TRANSPILER = new Bun.Transpiler({
  loader: 'ts',
  target: 'bun',
  tsconfig: JSON.stringify({
    compilerOptions: { experimentalDecorators: true, emitDecoratorMetadata: true },
  }),
});

/** Reads the TypeScript files below a folder; one that does not parse is a finding. */
export async function readSources(
  folder: string,
): Promise<{ readonly sources: readonly SourceFile[]; readonly findings: readonly Finding[] }> {
  const sources: SourceFile[] = [];
  const findings: Finding[] = [];
  for (const path of typescriptFiles(folder)) {
    const name = relative(folder, path);
    try {
      sources.push(readSource(path, name, await readText(path)));
    } catch (error) {
      findings.push(unreadable(name, error));
    }
  }
  return { sources, findings };
}

function typescriptFiles(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true });
  return entries
    .flatMap(entry => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return isOwn(entry.name) ? typescriptFiles(path) : [];
      return /(?<!\.d)\.m?ts$/.test(entry.name) ? [path] : [];
    })
    .sort();
}

function isOwn(folder: string): boolean {
  return !folder.startsWith('.') && folder !== 'node_modules' && folder !== 'dist';
}

function readSource(path: string, name: string, text: string): SourceFile {
  const loads = TRANSPILER.scanImports(text).filter(({ kind }) => kind === 'import-statement');
  return {
    path,
    name,
    imports: readImports(text),
    decorations: /^\s*@|\s@\w/m.test(text) ? readDecorations(TRANSPILER.transformSync(text)) : [],
    loads: loads.map(load => load.path),
  };
}

/** The text of a file, without the `#!` that Bun's transpiler does not take. */
async function readText(path: string): Promise<string> {
  return (await Bun.file(path).text()).replace(/^#!.*/, '');
}

function unreadable(where: string, error: unknown): Finding {
  const got = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
  return { level: 'error', where, what: 'Bun cannot parse it', got, fix: 'Correct its syntax' };
}

/** Whether a file exports something by this name that is there at run time, itself or by an `export *`. */
export async function hasExport(path: string, name: string, seen = new Set<string>()): Promise<boolean> {
  if (seen.has(path) || !/\.[cm]?[jt]s$/.test(path)) return false;
  seen.add(path);
  const text = await readText(path);
  if (TRANSPILER.scan(text).exports.includes(name)) return true;
  for (const [, , from = ''] of text.matchAll(/^export \* from (['"])(.*?)\1/gm)) {
    const target = resolveImport(from, path);
    if (target !== undefined && (await hasExport(target, name, seen))) return true;
  }
  return false;
}

/** The file that an import leads to; `undefined` where it leads to none. */
export function resolveImport(specifier: string, from: string): string | undefined {
  try {
    return Bun.resolveSync(specifier, join(from, '..'));
  } catch {
    return undefined;
  }
}
