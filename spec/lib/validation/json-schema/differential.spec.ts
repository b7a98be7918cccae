import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Invalid } from '../../../../lib/errors.ts';
import { Validation } from '../../../../lib/validation/validation.ts';
import type { ValidationOptions } from '../../../../lib/validation/validation-options.ts';
import type { Class } from '../../../../lib/validation/validator.ts';
import { accepts } from '../../../support/evaluate-schema.ts';
import { forgetClasses } from '../differential/compare.ts';
import { CASES } from '../differential/decorators.ts';
import { options } from '../differential/fuzz.ts';
import { allVariants, classOf } from '../differential/grid.ts';
import { classes, makeClasses } from '../differential/random-class.ts';
import { RandomValues } from '../differential/random-value.ts';
import { gridValues } from '../differential/values.ts';

/** `GRID=1` takes every variant, `FUZZ=6000 SEED=7` more classes. */
const step = Number(process.env.GRID ?? 193);
const runs = Number(process.env.FUZZ ?? 100);
const seed = Number(process.env.SEED ?? 4);

interface Counts {
  accepted: number;
  refused: number;
  /** Values that only the check refuses. */
  loose: string[];
}

/** The values that a check accepts and its schema does not; counts the others. */
async function strayValues(
  type: Class,
  given: {
    readonly options: ValidationOptions;
    readonly values: readonly unknown[];
    readonly isText?: boolean;
  },
  counts: Counts,
): Promise<string[]> {
  const { isText = false } = given;
  const validation = new Validation(given.options);
  await validation.load();
  const { validate } = isText ? validation.text(type) : validation.json(type);
  const schemas = await validation.jsonSchemas();
  const schema = schemas.of(type, { isText });
  const { definitions } = schemas;
  return given.values.flatMap(value => {
    const verdicts = [true, false].map(isUnicode => accepts(schema, value, { definitions, isUnicode }));
    const checked = validate(value);
    if (checked instanceof Promise) return [];
    if (checked instanceof Invalid) {
      counts.refused++;
      if (verdicts.some(Boolean))
        counts.loose.push(`${JSON.stringify(value)} ${JSON.stringify(definitions)}`);
      return [];
    }
    counts.accepted++;
    return verdicts.every(Boolean)
      ? []
      : [`${JSON.stringify(value)} is accepted, and not by ${JSON.stringify(definitions)}`];
  });
}

const INLINED =
  /^(IsDefined\(|Equals\(|NotEquals\(|IsEmpty\(|IsNotEmpty\(|IsIn\(|IsInt\(|IsNumber\(\{\}|Min\(|Max\(|(IsPositive|IsNegative|IsString|IsBoolean|IsArray|IsObject|IsDate|IsEnum|ArrayMinSize|ArrayMaxSize|ArrayNotEmpty|Length|MinLength|MaxLength)\(|Matches\(\/a|IsUUID\((undefined|4)?\))/;

const inputs = [
  ...gridValues().map(value => (value === undefined ? {} : { p: value })),
  { p: 'a', q: 1 },
  null,
  [],
  5,
];

describe('a JSON Schema', () => {
  it('refuses all that an inlined decorator refuses, but for what JSON Schema counts or knows otherwise', async () => {
    const counts = { accepted: 0, refused: 0, loose: [] as string[] };
    const variants = allVariants().filter(({ type, hasDefault }) => type === null && !hasDefault);
    for (const [at, one] of CASES.filter(({ name }) => INLINED.test(name)).entries()) {
      for (let index = at % 7; index < variants.length; index += 7) {
        const variant = variants[index] as (typeof variants)[number];
        await strayValues(classOf(one, variant), { options: variant.options, values: inputs }, counts);
        forgetClasses();
      }
    }
    // A character with its presentation selector is one to class-validator, and two to JSON Schema.
    expect(counts.loose.filter(text => !/^[^ ]*[\uFE0E\uFE0F]/.test(text)).slice(0, 5)).toEqual([]);
    expect(counts.refused).toBeGreaterThan(5000);
  });

  it('accepts all that each decorator alone accepts', async () => {
    const variants = allVariants();
    const counts = { accepted: 0, refused: 0, loose: [] as string[] };
    const stray: string[] = [];
    for (const [at, one] of CASES.entries()) {
      // A schema says most of these, and may be wrong about most.
      const every = INLINED.test(one.name) ? Math.ceil(step / 12) : step;
      for (let index = at % every; index < variants.length; index += every) {
        const variant = variants[index] as (typeof variants)[number];
        const type = classOf(one, variant);
        const where = `${one.name} ${JSON.stringify(variant)} ${variant.type?.().name ?? ''}`;
        const found = await strayValues(type, { options: variant.options, values: inputs }, counts);
        stray.push(...found.map(text => `${where} ${text}`));
        forgetClasses();
      }
    }
    expect(stray.slice(0, 5)).toEqual([]);
  }, 3_600_000);

  it.each([false, true])(
    'accepts all that random classes accept; of texts: %s',
    async isText => {
      const counts = { accepted: 0, refused: 0, loose: [] as string[] };
      await fc.assert(
        fc.asyncProperty(classes, options, fc.gen(), async (models, { groups, ...rest }, draw) => {
          const types = makeClasses(models);
          const values = new RandomValues(models, draw);
          const given = {
            options: { ...rest, ...(groups && { groups }) } as ValidationOptions,
            values: Array.from({ length: 30 }, () => {
              const value = values.of(models.length - 1);
              return isText ? asTexts(value) : value;
            }),
            isText,
          };
          const stray = await strayValues(types.at(-1) as never, given, counts);
          forgetClasses();
          if (stray.length > 0) throw new Error(stray[0]);
        }),
        {
          seed: seed + Number(isText),
          numRuns: runs,
          includeErrorInReport: true,
          endOnFailure: runs >= 1000,
        },
      );
      if (process.env.FUZZ) console.log({ ...counts, loose: counts.loose.length });
      expect(counts.accepted).toBeGreaterThan(runs);
    },
    3_600_000,
  );
});

/** As a query has it: texts, and lists of them. */
function asTexts(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return {};
  const text = (item: unknown) => (typeof item === 'string' ? item : JSON.stringify(item));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, Array.isArray(item) ? item.map(text) : text(item)]),
  );
}
