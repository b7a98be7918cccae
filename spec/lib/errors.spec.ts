import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Glob } from 'bun';
import { describe, expect, it } from 'vitest';
import { CloseCodes } from '../../lib/connection/close-codes.ts';
import { CONFIGURATION_CODES, WIRE_CODES } from '../../lib/errors.ts';

const ROOT = join(import.meta.dirname, '../..');
const docs = read('docs/errors.md');
const specs = sources('spec/**/*.spec.ts', 'spec/lib/errors.spec.ts');
const lib = sources('lib/**/*.ts', 'lib/errors.ts');

function read(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8');
}

/** The text of all files of a pattern, without the one that lists the codes. */
function sources(pattern: string, except: string): string {
  return [...new Glob(pattern).scanSync(ROOT)]
    .filter(file => file !== except)
    .map(read)
    .join('\n');
}

/** The first cells of the tables of a chapter, without their quotes. */
function firstCells(chapter: string): string[] {
  const text = docs.split(/^## /m).find(part => part.startsWith(`${chapter}\n`)) ?? '';
  return [...text.matchAll(/^\| `?([^|`]+?)`? \|/gm)].map(([, cell = '']) => cell).slice(1);
}

/** A code inside quotes: in an expectation it is text of a message, in lib the code itself. */
function isQuoted(text: string, code: string): boolean {
  return new RegExp(`['"\`][^'"\`\\n]*\\b${code}\\b[^'"\`\\n]*['"\`]`).test(text);
}

describe('a code of a configuration mistake', () => {
  it.each(CONFIGURATION_CODES)('%s is thrown by lib and expected by a spec', code => {
    expect(lib).toContain(`code: '${code}'`);
    expect(isQuoted(specs, code)).toBe(true);
  });

  it('is explained in the docs, in the order of the list', () => {
    expect(firstCells('Configuration mistakes')).toEqual([...CONFIGURATION_CODES]);
    expect([...CONFIGURATION_CODES]).toEqual([...CONFIGURATION_CODES].sort());
  });
});

describe('a wire code', () => {
  const rows = docs.split('\n').filter(line => line.startsWith('| `'));
  const rowOf = (code: string) => rows.findLast(line => line.startsWith(`| \`${code}\` |`)) ?? '';
  const isSent = (code: string) => lib.includes(`code: '${code}'`) || lib.includes(`: '${code}',`);

  it('is explained in the docs', () => {
    expect(firstCells('Wire codes').sort()).toEqual([...WIRE_CODES].sort());
  });

  it.each(WIRE_CODES.filter(isSent))('%s is sent by lib and expected by a spec', code => {
    expect(isQuoted(specs, code)).toBe(true);
    expect(rowOf(code)).not.toContain('*Reserved*');
  });

  it.each(WIRE_CODES.filter(code => !isSent(code)))('%s is marked as reserved', code => {
    expect(rowOf(code)).toContain('*Reserved*');
  });
});

describe('a close code', () => {
  const cells = firstCells('Close codes').map(Number);
  const reserved =
    /^([\d, and]+) (?:is|are) \*reserved\*/m.exec(docs)?.[1]?.match(/\d{4}/g)?.map(Number) ?? [];

  it.each(Object.entries(CloseCodes))('%s (%i) is sent by lib, or marked as reserved', (name, code) => {
    const isSent = lib.includes(`CloseCodes.${name}`);
    expect({ isSent, isExplained: cells.includes(code), isReserved: reserved.includes(code) }).toEqual({
      isSent,
      isExplained: isSent,
      isReserved: !isSent,
    });
    if (isSent) expect(new RegExp(`\\b${code}\\b`).test(specs)).toBe(true);
  });
});
