import { type } from 'arktype';
import * as valibot from 'valibot';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Invalid } from '../../../lib/errors.ts';
import { isStandardSchema, type StandardSchema, Validation } from '../../../lib/validation/validation.ts';

const validation = new Validation();

/** A promise that is not a `Promise`. */
class Foreign {
  constructor(readonly result: object) {}
  // biome-ignore lint/suspicious/noThenProperty: it is what is tested
  then(settle: (result: object) => void): void {
    settle(this.result);
  }
}

const SECRET = 's3cr-et value';
const LIBRARIES: Record<string, StandardSchema> = {
  zod: z.object({ name: z.string().max(3), age: z.number().default(7), kind: z.enum(['a', 'b']) }),
  valibot: valibot.object({
    name: valibot.pipe(valibot.string(), valibot.maxLength(3)),
    age: valibot.optional(valibot.number(), 7),
    kind: valibot.picklist(['a', 'b']),
  }),
  arktype: type({ name: 'string <= 3', age: 'number = 7', kind: '"a" | "b"' }),
};

describe('isStandardSchema', () => {
  it('knows the three libraries, functions included', () => {
    for (const schema of Object.values(LIBRARIES)) expect(isStandardSchema(schema)).toBe(true);
  });

  it('refuses everything else', () => {
    for (const value of [null, undefined, 5, 'a', {}, class {}, () => String, { '~standard': null }]) {
      expect(isStandardSchema(value)).toBe(false);
    }
  });
});

for (const [name, schema] of Object.entries(LIBRARIES)) {
  describe(name, () => {
    const { validate } = validation.json(schema);

    it('answers at once, with its defaults', () => {
      expect(validate({ name: 'abc', kind: 'a' })).toEqual({ name: 'abc', age: 7, kind: 'a' });
    });

    it('gives dotted paths and never the value', () => {
      const { issues } = validate({ name: SECRET, age: SECRET, kind: SECRET }) as Invalid;
      expect(new Set(issues.map(issue => issue.path))).toEqual(new Set(['name', 'age', 'kind']));
      expect(issues.every(issue => issue.rule === 'schema' && issue.message.length > 3)).toBe(true);
      expect(JSON.stringify(issues)).not.toContain('s3cr');
    });

    it('refuses what is no object', () => {
      for (const value of [null, undefined, 5, SECRET, []]) {
        const result = validate(value);
        expect(result).toBeInstanceOf(Invalid);
        expect(JSON.stringify(result)).not.toContain('s3cr');
      }
    });
  });
}

describe('a Standard Schema', () => {
  it('is awaited only when it answers with a promise', async () => {
    const schema = z.object({ name: z.string().refine(async name => name === 'free', 'is taken') });
    const { validate } = validation.json(schema);
    expect(await validate({ name: 'free' })).toEqual({ name: 'free' });
    expect(await validate({ name: 'other' })).toEqual(
      new Invalid([{ path: 'name', rule: 'schema', message: 'is taken' }]),
    );
  });

  it('is awaited when its promise is of its own making', async () => {
    const promise = new Foreign({ issues: [{ message: 'late' }] });
    const schema: StandardSchema = {
      '~standard': { version: 1, vendor: 'own', validate: () => promise as never },
    };
    expect(await validation.json(schema).validate({})).toMatchObject({ issues: [{ message: 'late' }] });
  });

  it('keeps its transforms, in every direction', () => {
    const schema = z.object({ at: z.coerce.number().transform(at => at + 1) });
    expect(validation.json(schema).validate({ at: 1 })).toEqual({ at: 2 });
    expect(validation.outgoing(schema).validate({ at: 1 })).toEqual({ at: 2 });
    expect(validation.text(schema).validate({ at: '1' })).toEqual({ at: 2 });
  });

  it('gets a record of texts as it is', () => {
    const schema = z.object({ tags: z.array(z.string()), q: z.string() });
    expect(validation.text(schema).validate({ tags: ['a', 'b'], q: 'c' })).toEqual({
      tags: ['a', 'b'],
      q: 'c',
    });
  });

  it('reports indexes and at most 10 issues, cut to 200 characters', () => {
    const schema = z.array(z.object({ id: z.number('m'.repeat(500)) }));
    const { issues } = validation.json(schema).validate(Array.from({ length: 50 }, () => ({}))) as Invalid;
    expect(issues).toHaveLength(10);
    expect(issues[1]).toEqual({ path: '1.id', rule: 'schema', message: `${'m'.repeat(199)}…` });
    expect(issues[9]).toEqual({ path: '', rule: 'truncated', message: 'and 41 more' });
  });

  it('hides a text of the user’s that holds the value, or a part of it', () => {
    const error = (issue: { input?: unknown }) => `got ${JSON.stringify(issue.input)}`;
    const schema = z.object({ name: z.number({ error }) });
    expect(validation.json(schema).validate({ name: 'abc' })).toMatchObject({
      issues: [{ message: 'is not valid' }],
    });
    const whole = z.object({ name: z.string() }).refine(() => false, { error });
    expect(JSON.stringify(validation.json(whole).validate({ name: 'abc' }))).not.toContain('abc');
  });

  it('that throws makes the value invalid, and hands on what it threw', async () => {
    const failing = (validate: () => never): StandardSchema => ({
      '~standard': { version: 1, vendor: 'own', validate },
    });
    const issues = [{ path: '', rule: 'invalid', message: 'is not valid' }];
    const expected = new Invalid(issues, new Error('secret'));
    const thrower = failing(() => {
      throw new Error('secret');
    });
    const rejecter = failing(() => Promise.reject(new Error('secret')) as never);
    expect(validation.json(thrower).validate({})).toEqual(expected);
    expect(await validation.json(rejecter).validate({})).toEqual(expected);
  });
});
