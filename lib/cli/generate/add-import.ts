import { CliError } from '../cli-error.ts';
import { blankLiterals } from '../source-scan.ts';
import type { ModuleEntry } from './module-entry.ts';

const STATEMENT = /^import\b[^;]*?(['"]) *\1;?/gm;

/** The source with an import of a class behind its other imports, written as they are. */
export function addImport(source: string, { className, from }: ModuleEntry, path: string): string {
  const blanked = blankLiterals(source);
  const statements = [...blanked.matchAll(STATEMENT)].map(({ index, 0: { length } }) => ({
    end: index + length,
    text: source.slice(index, index + length),
  }));
  const existing = statements.find(({ text }) =>
    new RegExp(`\\b${className}\\b`).test(text.replace(/from.*$/s, '')),
  );
  if (existing !== undefined) {
    if (withoutExtension(existing.text).includes(`${from}'`.replace("'", ''))) return source;
    throw taken(path, className, existing.text);
  }
  const declared = new RegExp(
    `\\b(?:class|const|let|var|function|interface|type|enum)\\s+${className}\\b`,
  ).exec(blanked);
  if (declared !== null) throw taken(path, className, declared[0]);
  const line = importLine(
    className,
    from,
    statements.map(({ text }) => text),
  );
  const last = statements.at(-1);
  if (last === undefined) return `${line}\n\n${source}`;
  return `${source.slice(0, last.end)}\n${line}${source.slice(last.end)}`;
}

function taken(path: string, className: string, text: string): CliError {
  return new CliError(
    `${path}: the name ${className} is taken there already (got ${text}), nothing was written. Choose another name`,
  );
}

/** With the quotes, the semicolon and the extension that the other imports have. */
function importLine(className: string, from: string, statements: readonly string[]): string {
  const quote = statements.some(text => text.includes("'")) || statements.length === 0 ? "'" : '"';
  const end = statements.length > 0 && statements.every(text => !text.endsWith(';')) ? '' : ';';
  const relative = statements.flatMap(text => /['"](\.[^'"]*)['"]/.exec(text)?.[1] ?? []);
  const extension = /\.(ts|js)$/.exec(relative.at(-1) ?? '')?.[0] ?? '';
  return `import { ${className} } from ${quote}${from}${extension}${quote}${end}`;
}

function withoutExtension(statement: string): string {
  return statement.replace(/\.(ts|js)(['"])/, '$2');
}
