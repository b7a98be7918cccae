import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Invalid } from '../../../../lib/errors.ts';
import { Validation } from '../../../../lib/validation/validation.ts';
import type { ValidationOptions } from '../../../../lib/validation/validation-options.ts';
import type { Class } from '../../../../lib/validation/validator.ts';
import { forgetClasses } from '../differential/compare.ts';
import { CASES } from '../differential/decorators.ts';
import { options } from '../differential/fuzz.ts';
import { allVariants, classOf } from '../differential/grid.ts';
import { classes, makeClasses } from '../differential/random-class.ts';
import { RandomValues } from '../differential/random-value.ts';
import { gridValues } from '../differential/values.ts';
import { FORMS, OUTGOING, RICH } from './forms.ts';

/** `GRID=1` takes every variant, `FUZZ=6000 SEED=7` more classes. */
const step = Number(process.env.GRID ?? 389);
const runs = Number(process.env.FUZZ ?? 100);
const seed = Number(process.env.SEED ?? 4);

async function differences(
  type: Class,
  { options, values }: { readonly options: ValidationOptions; readonly values: readonly unknown[] },
): Promise<{ readonly found: string[]; readonly accepted: number }> {
  const made = [
    new Validation({ ...options, compile: 'off' }),
    new Validation(options),
    new Validation(options, { usesClosures: true }),
  ];
  const checks = [];
  for (const validation of made) {
    await validation.load();
    checks.push(validation.outgoing(type).validate);
  }
  const found: string[] = [];
  let accepted = 0;
  for (const value of values) {
    const before = show(value);
    const [expected, ...actual] = checks.map(check => outcomeOf(() => check(value)));
    if (expected instanceof Promise) continue;
    if (!(expected instanceof Invalid)) accepted++;
    for (const one of actual) {
      if (!isDeepStrictEqual(one, expected))
        found.push(`${before}: ${show(expected)} by the libraries, ${show(one)} compiled`);
    }
    if (show(value) !== before) found.push(`${before} was changed`);
  }
  return { found, accepted };
}

/** What goes on the wire: the JSON of a value, or what is thrown. */
function outcomeOf(check: () => unknown): unknown {
  try {
    const result = check();
    if (result instanceof Invalid || result instanceof Promise) return result;
    return { json: JSON.parse(JSON.stringify(result)) };
  } catch (error) {
    return String(error);
  }
}

function show(value: unknown): string {
  try {
    return `${Bun.inspect(value, { depth: 6 })}`.slice(0, 400);
  } catch {
    return String(value);
  }
}

describe('what is sent', () => {
  it('is what the libraries make of it, for each decorator alone', async () => {
    const values = [...gridValues(), ...RICH.map(make => make())];
    const plain = values.map(value => (value === undefined ? {} : { p: value }));
    const variants = allVariants();
    const found: string[] = [];
    let accepted = 0;
    for (const [at, one] of CASES.entries()) {
      for (let index = at % step; index < variants.length; index += step) {
        const variant = variants[index] as (typeof variants)[number];
        const type = classOf(one, variant);
        const form = FORMS[index % FORMS.length] as (typeof FORMS)[number];
        const given = [...plain.map(value => form(type, value)), { p: 'a', q: 1 }, null, [], 5];
        const result = await differences(type, { options: variant.options, values: given });
        found.push(...result.found.map(text => `${one.name} ${JSON.stringify(variant)} ${text}`));
        accepted += result.accepted;
        forgetClasses();
      }
    }
    expect(found.slice(0, 5)).toEqual([]);
    expect(accepted).toBeGreaterThan(500);
  }, 3_600_000);

  it('is what the libraries make of it, for random classes', async () => {
    let accepted = 0;
    const check = fc.asyncProperty(classes, options, fc.gen(), async (models, { groups, ...rest }, draw) => {
      const types = makeClasses(models);
      const pick = <Item>(items: readonly Item[]) => items[draw(fc.nat, items.length - 1)] as Item;
      for (const [at, model] of models.entries()) {
        for (const { name } of model.properties)
          pick(OUTGOING)((types[at] as Class).prototype as object, name);
      }
      const random = new RandomValues(models, draw);
      const type = types.at(-1) as Class;
      const values = Array.from({ length: 30 }, () => {
        const value = random.of(models.length - 1);
        if (typeof value !== 'object' || value === null) return value;
        const keys = Object.keys(value);
        const rich = pick([true, false, false]) && keys.length > 0 ? { [pick(keys)]: pick(RICH)() } : {};
        return pick(FORMS)(type, { ...value, ...rich });
      });
      const given = { ...rest, ...(groups && { groups }) } as ValidationOptions;
      const result = await differences(type, { options: given, values });
      forgetClasses();
      accepted += result.accepted;
      if (result.found.length > 0) throw new Error(result.found.slice(0, 2).join('\n'));
    });
    const path = process.env.REPLAY;
    const replay = path === undefined ? {} : { path };
    await fc.assert(check, {
      ...replay,
      seed,
      numRuns: runs,
      includeErrorInReport: true,
      endOnFailure: true,
    });
    expect(accepted).toBeGreaterThan(runs);
  }, 3_600_000);
});
