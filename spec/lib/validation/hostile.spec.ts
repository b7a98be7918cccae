import 'reflect-metadata';
import { Type } from 'class-transformer';
import { Allow, IsInt, IsObject, IsOptional, IsString, ValidateNested } from 'class-validator';
import { beforeAll, describe, expect, it } from 'vitest';
import { Invalid } from '../../../lib/errors.ts';
import { Validation } from '../../../lib/validation/validation.ts';

class Inner {
  @IsOptional() @IsInt() id?: number;
}

class Message {
  @IsString() text!: string;
  @IsOptional() @ValidateNested() @Type(() => Inner) inner?: Inner;
  @IsOptional() @IsObject() meta?: object;
  @IsOptional() @Allow() any?: unknown;
}

const stripping = new Validation();
const forbidding = new Validation({ forbidNonWhitelisted: true });
const keeping = new Validation({ whitelist: false });
beforeAll(() => Promise.all([stripping, forbidding, keeping].map(validation => validation.load())));

const HOSTILE_KEYS = ['__proto__', 'constructor', 'prototype', 'then', 'toString', 'hasOwnProperty'];

describe('hostile keys', () => {
  for (const key of HOSTILE_KEYS) {
    for (const content of ['{"admin":true}', '1', '"x"', 'null']) {
      it(`are stripped: ${key} with ${content}`, () => {
        const text = `{"text":"a","${key}":${content},"inner":{"id":1,"${key}":${content}}}`;
        const message = stripping.json(Message).validate(JSON.parse(text)) as Message & { admin?: boolean };
        expect(Object.getPrototypeOf(message)).toBe(Message.prototype);
        expect(Object.hasOwn(message, key)).toBe(false);
        expect(message.admin).toBeUndefined();
        expect(message.inner).toEqual({ id: 1 });
        expect(({} as { admin?: boolean }).admin).toBeUndefined();
      });
    }

    it(`are issues when unknown properties are forbidden: ${key}`, () => {
      const result = forbidding.json(Message).validate(JSON.parse(`{"text":"a","${key}":{"admin":true}}`));
      expect(result).toEqual(
        new Invalid([
          { path: key, rule: 'whitelistValidation', message: `property ${key} should not exist` },
        ]),
      );
    });

    it(`do no harm below a free object: ${key}`, () => {
      const value = JSON.parse(`{"text":"a","meta":{"kept":1,"${key}":{"admin":true}},"any":[{"${key}":1}]}`);
      const message = stripping.json(Message).validate(value) as Message;
      expect(message).toBeInstanceOf(Message);
      expect(message.meta).toMatchObject({ kept: 1 });
      expect(Object.getPrototypeOf(message.meta)).toBe(Object.prototype);
      expect((message.meta as { admin?: boolean }).admin).toBeUndefined();
    });

    it(`do no harm when unknown properties are kept: ${key}`, () => {
      const result = keeping
        .json(Message)
        .validate(JSON.parse(`{"text":"a","${key}":{"admin":true}}`)) as object;
      expect(Object.getPrototypeOf(result)).toBe(Message.prototype);
    });
  }
});

describe('large values', () => {
  // class-transformer alone takes 48 seconds for as many, longer than a spec may run.
  const unknownKeys = Object.fromEntries(Array.from({ length: 50_000 }, (_, at) => [`k${at}`, at]));

  it('strips 50,000 unknown properties before class-transformer sees them', () => {
    const { validate } = stripping.json(Message);
    expect(validate({ text: 'a', ...unknownKeys })).toBeInstanceOf(Message);
  });

  it('forbids 50,000 unknown properties within 4 KiB', () => {
    const { validate } = forbidding.json(Message);
    const { issues } = validate({ text: 'a', ...unknownKeys }) as Invalid;
    expect(issues).toHaveLength(10);
    expect(issues[9]).toEqual({ path: '', rule: 'truncated', message: 'and 49991 more' });
  });

  it('refuses a free object of more than 256 properties before class-transformer meets it', () => {
    const expected = {
      rule: 'maxProperties',
      message: 'must not have more than 256 undeclared properties',
    };
    const { validate } = stripping.json(Message);
    expect(validate({ text: 'a', meta: unknownKeys })).toEqual(new Invalid([{ path: 'meta', ...expected }]));
    expect(validate({ text: 'a', any: [{ deep: unknownKeys }] })).toEqual(
      new Invalid([{ path: 'any.0', ...expected }]),
    );
    expect(keeping.json(Message).validate({ text: 'a', ...unknownKeys })).toEqual(
      new Invalid([{ path: '', ...expected }]),
    );
  });

  it('counts a value too deep for the libraries as invalid', () => {
    class Recursive {
      @IsOptional() @ValidateNested() @Type(() => Recursive) next?: Recursive;
    }
    const deep = JSON.parse(`${'{"next":'.repeat(20_000)}{}${'}'.repeat(20_000)}`);
    expect(stripping.json(Recursive).validate(deep)).toEqual(
      new Invalid([{ path: '', rule: 'invalid', message: 'is not valid' }]),
    );
    const array = JSON.parse(`{"text":"a","any":${'['.repeat(100_000)}${']'.repeat(100_000)}}`);
    expect(stripping.json(Message).validate(array)).toBeInstanceOf(Invalid);
  });

  it('keeps the issues within 4 KiB, whatever the client’s keys look like', () => {
    for (const character of ['a', 'é', '😀', '\u0001', '"']) {
      const value = Object.fromEntries(
        Array.from({ length: 30 }, (_, at) => [character.repeat(3000) + at, 1]),
      );
      const { issues } = forbidding.json(Message).validate({ text: 'a', ...value }) as Invalid;
      expect(issues.length).toBeGreaterThan(1);
      expect(issues.length).toBeLessThanOrEqual(10);
      expect(Buffer.byteLength(JSON.stringify(issues))).toBeLessThanOrEqual(4096);
      expect(issues.at(-1)).toEqual({
        path: '',
        rule: 'truncated',
        message: `and ${31 - issues.length} more`,
      });
    }
  });
});

describe('many faults', () => {
  it('in thousands of items end in ten issues, and in no more work than their number', () => {
    class Reply {
      @IsString() text!: string;
      @ValidateNested() @Type(() => Inner) inner!: Inner;
    }
    class Thread {
      @ValidateNested({ each: true }) @Type(() => Reply) replies!: Reply[];
    }
    const replies = (count: number) => ({ replies: Array.from({ length: count }, () => ({ inner: [] })) });
    const { validate } = stripping.json(Thread);
    // Quadratic work on as many would outlast the spec.
    expect((validate(replies(20_000)) as Invalid).issues).toHaveLength(10);
  });
});
