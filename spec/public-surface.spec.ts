import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as gatewire from 'gatewire';
import * as testing from 'gatewire/testing';
import { describe, expect, it } from 'vitest';

/** One name of `lib/index.ts`, and the file that declares it. */
interface Exported {
  readonly name: string;
  readonly file: string;
  readonly isType: boolean;
}

const EXPORT = /export (type )?\{([^}]*)\} from '([^']+)';/g;

/** What the package exports: each entry point with its file and what importing it gives. */
const ENTRIES = [
  { entry: 'gatewire', file: join(import.meta.dirname, '../lib/index.ts'), exported: gatewire },
  {
    entry: 'gatewire/testing',
    file: join(import.meta.dirname, '../lib/testing/index.ts'),
    exported: testing,
  },
];

/** The `export { … } from` of a file. */
function exportsOf(file: string): Exported[] {
  return [...readFileSync(file, 'utf8').matchAll(EXPORT)].flatMap(([, type, names = '', from = '']) =>
    names
      .split(',')
      .map(text => text.trim())
      .filter(text => text !== '')
      .map(text => ({
        name: text.replace('type ', ''),
        file: join(dirname(file), from),
        isType: type !== undefined || text.startsWith('type '),
      })),
  );
}

/** Finds the declaration of what a file may only pass on. */
function follow(exported: Exported): Exported {
  const passedOn = exportsOf(exported.file).find(({ name }) => name === exported.name);
  return passedOn === undefined ? exported : follow({ ...passedOn, isType: exported.isType });
}

function linesOf(file: string): readonly string[] {
  return readFileSync(file, 'utf8').split('\n');
}

/** Whether a docstring ends above a line; a comment for the linter may stand between. */
function isDocumented(lines: readonly string[], at: number): boolean {
  let above = at - 1;
  while (lines[above]?.trim().startsWith('//')) above--;
  return lines[above]?.trim().endsWith('*/') ?? false;
}

function declarationOf({ name, file }: Exported): number {
  const start = new RegExp(
    `^(?:export )?(?:abstract |async )?(?:class|enum|function|const|interface|type) ${name}\\b`,
  );
  const at = linesOf(file).findIndex(line => start.test(line));
  if (at === -1) throw new Error(`${name} is not declared in ${file}`);
  return at;
}

const MEMBER = /^ {2}(?:(?:static|readonly|abstract|async|get|set) )*(\[?[A-Za-z][\w.]*\]?)[(<:?; ]/;
/** What is not for the caller, or is documented where it is declared first. */
const NOT_PUBLIC = /^ {2}(?:private\b|protected\b|constructor\b|override\b|(?:readonly |async )?#)/;

/** The public members of a class without a docstring; of overloads and accessors one has it. */
function undocumentedMembers(exported: Exported): string[] {
  const lines = linesOf(exported.file);
  const declaration = declarationOf(exported);
  if (!/^(?:export )?(?:abstract )?class /.test(lines[declaration] ?? '')) return [];
  const start = lines.findIndex((line, at) => at >= declaration && line.endsWith('{'));
  const end = lines.findIndex((line, at) => at > start && line === '}');
  const documented = new Map<string, boolean>();
  for (let at = start + 1; at < end; at++) {
    const line = lines[at] ?? '';
    const name = NOT_PUBLIC.test(line) ? undefined : MEMBER.exec(line)?.[1];
    if (name !== undefined) documented.set(name, documented.get(name) || isDocumented(lines, at));
  }
  return [...documented].filter(([, is]) => !is).map(([name]) => `${exported.name}.${name}`);
}

describe.each(ENTRIES)('the public surface of $entry', ({ file, exported }) => {
  const surface = exportsOf(file).map(follow);

  it('is a list of names, in groups', () => {
    const statements = readFileSync(file, 'utf8').replaceAll(EXPORT, '');
    const rest = statements.split('\n').filter(line => line !== '');
    expect(rest.filter(line => !/^\/\/ [A-Z][A-Za-z ]+$/.test(line))).toEqual([]);
    expect(new Set(rest).size).toBe(rest.length);
    const values = surface.filter(({ isType }) => !isType).map(({ name }) => name);
    expect(values.sort()).toEqual(Object.keys(exported).sort());
  });

  it('has a docstring for every export', () => {
    const undocumented = surface.filter(one => !isDocumented(linesOf(one.file), declarationOf(one)));
    expect(undocumented.map(({ name }) => name)).toEqual([]);
  });

  it('has a docstring for every public member of its classes', () => {
    expect(surface.flatMap(undocumentedMembers)).toEqual([]);
  });
});

describe('the check of the public surface', () => {
  it('finds members that lack one', () => {
    const own = { name: Sample.name, file: import.meta.filename, isType: false };
    expect(undocumentedMembers(own)).toEqual(['Sample.bare', 'Sample.size', 'Sample.run']);
  });
});

/** A class whose members the last spec looks at. */
class Sample {
  /** Documented. */
  readonly named = 1;
  readonly bare = 2;
  readonly #fixed = 3;
  #hidden = this.#fixed;

  constructor(readonly given: number) {}

  get size(): number {
    return this.#hidden;
  }

  /** Documented, with its setter. */
  get width(): number {
    return 1;
  }

  set width(value: number) {
    this.#hidden = value;
  }

  async run(): Promise<void> {}

  /** @internal */
  inner(): void {}
}
