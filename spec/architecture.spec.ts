import { readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { Glob } from 'bun';
import { describe, expect, it } from 'vitest';

/** Who may import whom (`docs/architecture.md`); a type import counts. A folder may import itself. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  errors: [],
  'reflected-types': [],
  connection: ['errors', 'reflected-types'],
  injection: ['errors', 'reflected-types'],
  validation: ['errors', 'reflected-types'],
  bus: ['errors', 'reflected-types'],
  observability: ['errors', 'reflected-types'],
  enhancers: ['connection', 'injection', 'validation', 'errors'],
  metadata: ['validation', 'enhancers', 'errors'],
  decorators: ['metadata', 'injection', 'enhancers', 'errors', 'reflected-types', 'validation', 'connection'],
  routing: ['metadata', 'injection', 'validation', 'enhancers', 'connection', 'errors', 'reflected-types'],
  server: ['routing', 'enhancers', 'connection', 'bus', 'observability', 'errors'],
  asyncapi: ['routing', 'validation'],
  'application-options': ['routing', 'server', 'metadata', 'validation', 'observability'],
  'create-application': [
    'application',
    'check-runtime',
    'routing',
    'server',
    'enhancers',
    'connection',
    'injection',
    'metadata',
    'validation',
    'observability',
    'errors',
  ],
  'check-runtime': ['errors'],
  application: [
    'application-options',
    'routing',
    'server',
    'enhancers',
    'connection',
    'injection',
    'metadata',
    'validation',
    'bus',
    'observability',
    'asyncapi',
    'errors',
  ],
  cli: ['create-application', 'application', 'asyncapi', 'routing', 'injection', 'validation', 'errors'],
  testing: [
    'create-application',
    'application',
    'connection',
    'decorators',
    'injection',
    'observability',
    'errors',
  ],
};

const lib = join(import.meta.dirname, '../lib');
const files = [...new Glob('**/*.ts').scanSync(lib)].filter(file => !file.endsWith('.d.ts'));
const imports = new Map(files.map(file => [file, importsOf(file)]));

function importsOf(file: string): string[] {
  const source = readFileSync(join(lib, file), 'utf8');
  return [...source.matchAll(/(?:from|import) '(\.[^']+)'/g)].map(([, path]) =>
    normalize(join(dirname(file), path as string)),
  );
}

function roomOf(file: string): string {
  return file.includes('/') ? file.slice(0, file.indexOf('/')) : file.replace('.ts', '');
}

describe('architecture', () => {
  it('has no import that the table does not allow', () => {
    const forbidden = [...imports].flatMap(([file, targets]) =>
      targets
        .filter(target => roomOf(file) !== roomOf(target) && roomOf(file) !== 'index')
        .filter(target => !MAY_IMPORT[roomOf(file)]?.includes(roomOf(target)))
        .map(target => `${file} → ${target}`),
    );
    expect(forbidden).toEqual([]);
  });

  it('has no circle of imports, type imports included', () => {
    const circles: string[] = [];
    const visited = new Set<string>();
    const visit = (file: string, path: readonly string[]) => {
      if (path.includes(file)) circles.push([...path.slice(path.indexOf(file)), file].join(' → '));
      if (visited.has(file)) return;
      visited.add(file);
      for (const target of imports.get(file) ?? []) visit(target, [...path, file]);
    };
    for (const file of files) visit(file, []);
    expect(circles).toEqual([]);
  });

  it('has no folder or file whose name says nothing', () => {
    const empty = /(^|\/)(utils?|helpers?|common|core|types?|interfaces?|constants?|misc|shared)(\.ts$|\/)/;
    expect(files.filter(file => empty.test(file))).toEqual([]);
  });

  it('reads design:* metadata in one file only', () => {
    const readers = files.filter(file => readFileSync(join(lib, file), 'utf8').includes("'design:"));
    expect(readers).toEqual(['reflected-types.ts']);
  });

  it('keeps every file of lib within 250 lines', () => {
    const long = files.filter(file => readFileSync(join(lib, file), 'utf8').split('\n').length > 250);
    expect(long).toEqual(['connection/connection.ts']);
  });
});
