import 'reflect-metadata';
import { Exclude, Expose, Transform, Type } from 'class-transformer';
import { IsArray, IsDate, IsInt, IsOptional, IsString, MaxLength, ValidateNested } from 'class-validator';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
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
import { FORMS, OUTGOING } from '../outgoing/forms.ts';

/** `GRID=1` takes every variant, `FUZZ=6000 SEED=7` more classes. */
const step = Number(process.env.GRID ?? 389);
const runs = Number(process.env.FUZZ ?? 100);
const seed = Number(process.env.SEED ?? 4);

/** Not a subclass, which is sent by its own rules. */
const DESCRIBED = FORMS.filter((_, at) => at !== 3);

/** What JSON does not have, and the rules of a DTO may let pass. */
const RICH: readonly (() => unknown)[] = [
  () => new Date(5),
  () => new Date(Number.NaN),
  () => Number.NaN,
  () => Number.POSITIVE_INFINITY,
  () => [new Date(9)],
  () => new Set(['a', 'abc']),
  () => undefined,
];

interface Given {
  readonly options: ValidationOptions;
  readonly values: readonly unknown[];
}

/** The JSON of values that are sent, and that the schema of what is sent does not accept. */
async function strayJson(type: Class, { options, values }: Given) {
  const validation = new Validation(options);
  await validation.load();
  const { validate } = validation.outgoing(type);
  const schemas = await validation.jsonSchemas();
  const schema = schemas.of(type, { isSent: true });
  const { definitions } = schemas;
  const sent = values.flatMap(value => {
    const result = resultOf(() => validate(value));
    return result === MISFIT ? [] : [JSON.parse(JSON.stringify(result))];
  });
  const stray = sent
    .filter(value => ![true, false].every(isUnicode => accepts(schema, value, { definitions, isUnicode })))
    .map(value => `${JSON.stringify(value)} is sent, and not by ${JSON.stringify(definitions)}`);
  return { stray, accepted: sent.length };
}

const MISFIT = Symbol('misfit');

function resultOf(validate: () => unknown): unknown {
  try {
    const result = validate();
    return result instanceof Invalid || result instanceof Promise ? MISFIT : result;
  } catch {
    return MISFIT;
  }
}

class Tag {
  @IsString() label!: string;
}

describe('the JSON Schema of what is sent', () => {
  it('names what is sent, as it is serialised', async () => {
    class User {
      @IsInt() id!: number;
      @IsString() @MaxLength(0) @Expose({ name: 'user_name' }) name!: string;
      @IsString() @Exclude() password = 'x';
      @IsDate() @Type(() => Date) at!: Date;
      @IsInt() @Type(() => String) text!: number;
      @IsOptional() @IsArray() @ValidateNested({ each: true }) @Type(() => Tag) tags?: Tag[];
      @IsInt() @Transform(({ value }) => [value], { toPlainOnly: true }) other = 1;
    }
    const validation = new Validation();
    await validation.load();
    const schemas = await validation.jsonSchemas('#/components/schemas');
    expect(schemas.of([User], { isSent: true })).toEqual({
      type: 'array',
      items: { $ref: '#/components/schemas/User.sent' },
    });
    expect(schemas.definitions).toEqual({
      'User.sent': {
        type: 'object',
        properties: {
          id: { type: 'integer' },
          user_name: { type: 'string', maxLength: 0 },
          at: { type: 'string', format: 'date-time' },
          text: { $comment: '@Type() decides what is sent' },
          tags: {
            type: ['array', 'null'],
            items: { anyOf: [{ $ref: '#/components/schemas/Tag.sent' }, { type: 'array' }] },
          },
          other: { $comment: '@Transform() decides what is sent' },
        },
        required: ['id', 'user_name', 'at', 'text'],
      },
      'Tag.sent': { type: 'object', properties: { label: { type: 'string' } }, required: ['label'] },
    });
  });

  it('is the output of a Standard Schema', async () => {
    const schemas = await new Validation().jsonSchemas();
    const schema = z.object({ size: z.number().default(5) });
    expect(schemas.of(schema, { isSent: true })).toMatchObject({ required: ['size'] });
    expect(schemas.of(schema)).not.toHaveProperty('required');
  });

  it('accepts all that is sent, for each decorator alone', async () => {
    const values = [...gridValues(), ...RICH.map(make => make())];
    const variants = allVariants();
    const stray: string[] = [];
    let accepted = 0;
    for (const [at, one] of CASES.entries()) {
      const every = /^(Is(Date|Object|Defined|NotEmpty|In|Enum)|M(in|ax)|Equals|NotEquals)\b/.test(one.name)
        ? Math.ceil(step / 16)
        : step;
      for (let index = at % every; index < variants.length; index += every) {
        const variant = variants[index] as (typeof variants)[number];
        const type = classOf(one, variant);
        const form = DESCRIBED[index % DESCRIBED.length] as (typeof DESCRIBED)[number];
        const given = values.map(value => form(type, value === undefined ? {} : { p: value }));
        const result = await strayJson(type, { options: variant.options, values: given });
        stray.push(...result.stray.map(text => `${one.name} ${JSON.stringify(variant)} ${text}`));
        accepted += result.accepted;
        forgetClasses();
      }
    }
    expect(stray.slice(0, 5)).toEqual([]);
    expect(accepted).toBeGreaterThan(500);
  }, 3_600_000);

  it('accepts all that random classes send', async () => {
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
        return pick(DESCRIBED)(type, { ...value, ...rich });
      });
      const given = { ...rest, ...(groups && { groups }) } as ValidationOptions;
      const result = await strayJson(type, { options: given, values });
      forgetClasses();
      accepted += result.accepted;
      if (result.stray.length > 0) throw new Error(result.stray[0]);
    });
    await fc.assert(check, { seed, numRuns: runs, includeErrorInReport: true, endOnFailure: true });
    expect(accepted).toBeGreaterThan(runs);
  }, 3_600_000);
});
