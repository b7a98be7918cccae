import 'reflect-metadata';
import { Type } from 'class-transformer';
import {
  Allow,
  ArrayMaxSize,
  Contains,
  Equals,
  IsArray,
  IsBoolean,
  IsDate,
  IsEmail,
  IsEmpty,
  IsEnum,
  IsInt,
  IsNumber,
  IsObject,
  IsOptional,
  IsString,
  IsUUID,
  MaxLength,
  MinLength,
  ValidateNested,
} from 'class-validator';
import { describe, expect, it } from 'vitest';
import { compare } from '../differential/compare.ts';
import { agree } from './agree.ts';

const json = (text: string): unknown => JSON.parse(text);

describe('values', () => {
  it('that are nested: lists for an object where the type does not say, none where it does', () => {
    class Item {
      @IsInt() id!: number;
    }
    class Dto {
      @ValidateNested() @Type(() => Item) one!: Item;
      @ValidateNested() @Type(() => Item) many!: Item[];
      @ValidateNested({ each: true }) @Type(() => Item) any!: unknown;
    }
    const items = [
      undefined,
      null,
      5,
      'x',
      {},
      { id: 1 },
      { id: 'x' },
      [],
      [[]],
      [{ id: 1 }],
      [[{ id: 1 }]],
      [null],
      [[5]],
    ];
    const values = items
      .flatMap(item => [{ one: item }, { many: item }, { any: item }])
      .map(value => json(JSON.stringify(value)));
    expect(agree(Dto, values).missed).toBe(0);
    agree(Dto, values, { skipNullProperties: true });
  });

  it('of a @Type() scalar are converted only where they are present, and never null', () => {
    class Dto {
      @IsOptional() @Type(() => String) @IsString() s?: string;
      @Type(() => Boolean) @IsBoolean() b!: boolean;
      @Type(() => Number) @IsNumber() n!: number;
      @IsOptional() @Type(() => Date) @IsDate() d?: Date;
    }
    const full = { s: 'x', b: 'false', n: '', d: 0 };
    const without = Object.keys(full).map(key => ({ ...full, [key]: undefined }));
    const nulls = Object.keys(full).map(key => ({ ...full, [key]: null }));
    const odd = [{ toString: 1 }, [], ['1'], [[1]], {}, true].flatMap(value =>
      Object.keys(full).map(key => ({ ...full, [key]: value })),
    );
    agree(Dto, [full, {}, ...[...without, ...nulls, ...odd].map(value => json(JSON.stringify(value)))]);
  });

  it('with hostile keys at every level', () => {
    class Inner {
      @IsOptional() @IsObject() meta?: object;
    }
    class Dto {
      @IsOptional() @ValidateNested() @Type(() => Inner) inner?: Inner;
      @IsOptional() @Allow() any?: unknown;
    }
    const keys = [
      '__proto__',
      'constructor',
      'prototype',
      'toString',
      'then',
      'hasOwnProperty',
      '__defineGetter__',
    ];
    const values = keys.flatMap(key =>
      ['1', '{"a":1}', 'null'].flatMap(content => {
        const own = `{"${key}":${content},"x":1}`;
        return [
          own,
          `{"inner":${own}}`,
          `{"inner":{"meta":${own}}}`,
          `{"any":${own}}`,
          `{"any":[${own}]}`,
        ].map(json);
      }),
    );
    for (const options of [{}, { forbidNonWhitelisted: true }, { whitelist: false }])
      agree(Dto, values, options);
  });

  it('whose texts are no plain code units', () => {
    class Dto {
      @MinLength(3) @MaxLength(4) text!: string;
    }
    const texts = [
      '😀',
      '😀😀',
      '😀😀😀',
      '😀😀😀😀',
      '😀😀😀😀😀',
      'a\uFE0F',
      'a\uFE0Fb\uFE0Fc',
      '\uD83Dab',
      'abcde',
    ];
    agree(
      Dto,
      texts.map(text => ({ text })),
    );
  });

  it('that an enum of numbers, UUIDs, and Contains of nothing take', () => {
    enum Level {
      Low,
    }
    class Dto {
      @IsOptional() @IsEnum(Level) level?: Level;
      @IsOptional() @IsUUID() id?: string;
      @IsOptional() @Contains('') text?: string;
      @IsOptional() @IsEmail() mail?: string;
    }
    const ids = [
      '00000000-0000-0000-0000-000000000000',
      'ffffffff-ffff-ffff-ffff-ffffffffffff',
      '9b2e1f3c-6f0d-9c58-8d47-0d9b9e1c2a3f',
    ];
    const values = ['Low', 0, '0', 'x'].map(level => ({ level }));
    agree(Dto, [
      ...values,
      ...ids.map(id => ({ id })),
      { text: '' },
      { text: 'a' },
      { mail: 'a@b.co' },
      { mail: 'a' },
    ]);
  });

  it('without a decorator that the constructor sets', () => {
    class Dto {
      @IsInt() id!: number;
      extra: string | undefined = undefined;
    }
    expect(agree(Dto, [{ id: 1 }, { id: 1, extra: 'x' }]).missed).toBe(0);
    agree(Dto, [{ id: 1 }, { id: 1, extra: 'x' }], { whitelist: false });
    const forbidden = compare({ type: Dto, options: { forbidNonWhitelisted: true }, values: [{ id: 1 }] });
    expect(forbidden).toMatchObject({ isCompiled: false, differences: [] });
  });

  it('that default, that are null for a default, and that stay absent', () => {
    class Dto {
      @IsString() @IsOptional() name: string | null = 'none';
      @IsArray() @ArrayMaxSize(2) tags: string[] = ['a', 'b', 'c'];
      @IsEmpty() nothing?: unknown;
      @Equals("it's $& $1\n\u2028") quoted = "it's $& $1\n\u2028";
    }
    const { accepted } = agree(Dto, [
      {},
      { tags: [] },
      { name: null, tags: [] },
      { tags: [], nothing: '' },
      { tags: [], quoted: 'x' },
    ]);
    expect(accepted).toBe(3);
  });

  it('that are no JSON', () => {
    class Dto {
      @IsOptional() @Allow() any?: unknown;
      @IsOptional() @IsDate() date?: Date;
      @IsOptional() @IsString() text?: unknown;
    }
    const values = [
      new Dto(),
      new Date(),
      new Map(),
      Object.create({ text: 'a' }),
      { any: undefined },
      { any: new Map([[1, 2]]) },
    ];
    agree(Dto, [...values, { any: { a: undefined } }, { any: [undefined] }, { text: new String('a') }]);
  });
});
