import { blankLiterals } from '../source-scan.ts';

/** What one import statement brings into a file. */
export interface ImportStatement {
  readonly from: string;
  readonly names: readonly ImportedName[];
}

export interface ImportedName {
  /** As this file says it. */
  readonly local: string;
  /** As the other file exports it; `*` for the whole module. */
  readonly imported: string;
  /** Whether nothing of it is left at run time. */
  readonly isTypeOnly: boolean;
}

const STATEMENT = /^[ \t]*import\s+(type\s+(?!from\b))?([^'";]*?)\s*from\s*(['"]) *\3/gm;

export function readImports(source: string): readonly ImportStatement[] {
  return [...blankLiterals(source).matchAll(STATEMENT)].map(
    ({ index, 0: whole, 1: type, 2: clause = '' }) => {
      const text = source.slice(index, index + whole.length);
      return {
        from: /(['"])([^'"]*)\1$/.exec(text)?.[2] ?? '',
        names: namesOf(clause).map(name => (type === undefined ? name : { ...name, isTypeOnly: true })),
      };
    },
  );
}

/** The names of `Default, { A, type B as C }` or `* as All`. */
function namesOf(clause: string): ImportedName[] {
  const braces = /\{([^}]*)\}/.exec(clause);
  const named = (braces?.[1] ?? '').split(',').flatMap(part => namedImport(part.trim()));
  const rest = clause.replace(/\{[^}]*\}/, '').split(',');
  const whole = rest.flatMap(part => wholeImport(part.trim()));
  return [...whole, ...named];
}

function namedImport(part: string): ImportedName[] {
  const [, type, imported, local] = /^(type\s+)?([\w$]+)(?:\s+as\s+([\w$]+))?$/.exec(part) ?? [];
  if (imported === undefined) return [];
  return [{ imported, local: local ?? imported, isTypeOnly: type !== undefined }];
}

function wholeImport(part: string): ImportedName[] {
  if (part === '') return [];
  const [, all] = /^\*\s+as\s+([\w$]+)$/.exec(part) ?? [];
  return [{ imported: all === undefined ? 'default' : '*', local: all ?? part, isTypeOnly: false }];
}
