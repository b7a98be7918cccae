import * as validator from 'class-validator';
import { describe, expect, it } from 'vitest';
import { CASES } from './decorators.ts';
import { runGrid } from './grid.ts';

/** `GRID=1` takes every variant, which is about three million cases. */
const step = Number(process.env.GRID ?? 193);

describe('each decorator alone', () => {
  it('gives what the libraries give', { timeout: 3_600_000 }, () => {
    const { differences, fallen, ...counts } = runGrid({ step });
    if (process.env.GRID) console.log(counts);
    expect(differences.slice(0, 20)).toEqual([]);
    expect(fallen.slice(0, 20)).toEqual([]);
    expect(counts.missed).toBeLessThan(counts.accepted / 10);
    expect(counts.unexplained).toBeLessThan(counts.refused / 8);
  });

  it('is each that class-validator has', () => {
    const exported = Object.keys(validator).filter(name => /^[A-Z]/.test(name) && isDecorator(name));
    const covered = new Set(CASES.map(({ name }) => name.slice(0, name.indexOf('('))));
    expect(exported.filter(name => !covered.has(name) && !OTHERS.has(name))).toEqual([]);
  });
});

/** Those that check nothing by themselves, or take a function of the user's: random classes and the traps have them. */
const OTHERS = new Set([
  'IsOptional',
  'Validate',
  'ValidateBy',
  'ValidateIf',
  'ValidateNested',
  'ValidatePromise',
  'ValidatorConstraint',
]);

function isDecorator(name: string): boolean {
  const exported: unknown = Reflect.get(validator, name);
  return typeof exported === 'function' && !String(exported).startsWith('class');
}
