import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const page = readFileSync(new URL('../../../docs/coming-from-nestjs.md', import.meta.url), 'utf8');
const rows = [...page.matchAll(/^\| (\d+) \|.*\| \[\w+\]\(\.\.\/(spec\/\S+?)\) \|$/gm)];

describe('the pains on the page about NestJS', () => {
  it.each(rows.map(([, number, file]) => [number, file]))('%s is answered in %s', (number, file) => {
    const text = readFileSync(new URL(`../../../${file}`, import.meta.url), 'utf8');
    expect(text).toContain(`describe('pain ${number}: `);
  });

  it('are twenty-five', () => {
    expect(rows.map(([, number]) => Number(number))).toEqual(Array.from({ length: 25 }, (_, at) => at + 1));
  });
});
