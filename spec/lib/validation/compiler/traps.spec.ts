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
  IsDefined,
  IsEmail,
  IsEmpty,
  IsEnum,
  IsIn,
  IsInt,
  IsNumber,
  IsObject,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  MaxLength,
  MinLength,
  registerDecorator,
  Validate,
  ValidateIf,
  ValidateNested,
  type ValidationArguments,
  ValidatorConstraint,
} from 'class-validator';
import { describe, expect, it } from 'vitest';
import type { ValidationOptions } from '../../../../lib/validation/validation.ts';
import { type Comparison, compare } from '../differential/compare.ts';

type Dto = new () => object;

/** Checks the values by both ways; the class must have been compiled. */
function agree(type: Dto, values: readonly unknown[], options: ValidationOptions = {}): Comparison {
  const result = compare({ type, options, values });
  expect(result.differences).toEqual([]);
  expect(result.reasons).toEqual([]);
  return result;
}

const json = (text: string): unknown => JSON.parse(text);

describe('rules', () => {
  it('of a redeclared property drop the ordinary ones of the parent, and keep IsOptional, IsDefined and nesting', () => {
    class Parent {
      @IsOptional() @IsString() @MinLength(3) name?: string;
      @IsDefined() @IsInt() id!: number;
    }
    class Child extends Parent {
      @IsIn(['x', 5]) declare name?: string;
      @Allow() declare id: number;
    }
    const values = [
      { id: 1 },
      { name: 'x', id: 1 },
      { name: 5, id: 1 },
      { name: 'abc', id: 1 },
      { name: null },
    ];
    expect(agree(Child, values).accepted).toBe(3);
    agree(Parent, values);
  });

  it('run with groups, always and strictGroups as they are chosen', () => {
    class Dto {
      @IsString({ groups: ['a'] }) one!: string;
      @IsInt({ groups: ['b'] }) two!: number;
      @IsBoolean({ always: true }) three!: boolean;
      @IsString() four!: string;
    }
    const values = [
      { one: 'x', two: 1, three: true, four: 'x' },
      { one: 1, two: 'x', three: true, four: 1 },
      {},
    ];
    for (const groups of [undefined, [], ['a'], ['b'], ['a', 'b']]) {
      for (const flags of [{}, { always: true }, { strictGroups: true }]) {
        agree(Dto, values, { ...(groups && { groups }), ...flags });
      }
    }
  });

  it('are reported bottom-up, integer names first, and the upper of two with one name wins', () => {
    class Dto {
      @Matches(/a/, { message: 'upper' }) @Matches(/b/, { message: 'lower' }) @IsString() b!: string;
      @IsInt() 10!: number;
      @IsInt() 2!: number;
    }
    agree(Dto, [{}, { b: 'a', 10: 'x', 2: 1 }, { b: 'c' }, { b: 5 }]);
  });

  it('for each element let a bare scalar and an empty list pass', () => {
    class Dto {
      @IsString({ each: true }) tags!: unknown;
    }
    expect(agree(Dto, [{ tags: 'x' }, { tags: [] }, { tags: ['a', 1] }, { tags: {} }, {}]).accepted).toBe(2);
  });

  it('of IsDefined ignore what is skipped, and honour each', () => {
    class Dto {
      @IsDefined({ each: true }) @IsInt({ each: true }) ids!: unknown;
    }
    const values = [{}, { ids: null }, { ids: [1] }, { ids: [null] }, { ids: [undefined] }, { ids: ['a'] }];
    for (const skip of ['skipMissingProperties', 'skipNullProperties', 'skipUndefinedProperties']) {
      agree(Dto, values, { [skip]: true });
    }
  });

  it('that call a constraint get class-validator’s own arguments', () => {
    const seen: unknown[] = [];
    class Dto {
      @Spy(seen) name!: string;
      @IsInt() id!: number;
    }
    agree(Dto, [{ name: 'a', id: 1 }]);
    const [library, ...compiled] = seen;
    for (const asked of compiled) expect(asked).toEqual(library);
  });

  it('under ValidateIf and validateIf look at the instance', () => {
    class Dto {
      @ValidateIf(({ kind }) => kind === 'a') @IsInt() a!: unknown;
      @IsString({ validateIf: ({ kind }) => kind === 'b' }) b!: unknown;
      @Allow() kind!: string;
    }
    const one = [undefined, 'a', 'b'].flatMap(kind => [
      { kind },
      { kind, a: 1 },
      { kind, a: {} },
      { kind, b: 'x' },
      { kind, b: [] },
    ]);
    agree(Dto, one);
  });

  it('are checked by class-validator alone where a sticky RegExp remembers', () => {
    class Dto {
      @Matches(/a/y) name!: string;
    }
    expect(compare({ type: Dto, options: {}, values: [] }).reasons[0]).toContain('sticky');
  });
});

describe('a decorator of the user’s own', () => {
  it('with the name of another is asked itself', () => {
    class Dto {
      @Shout('isString', '$property must be a string') a!: unknown;
      @Shout('isInt', 'no') b!: unknown;
    }
    expect(
      agree(Dto, [
        { a: 'a', b: 1 },
        { a: 'A!', b: 'B!' },
        { a: 'A!', b: 1 },
      ]).accepted,
    ).toBe(1);
  });

  it('without @ValidatorConstraint() is ignored, as class-validator ignores it', () => {
    class Nothing {
      validate() {
        return false;
      }
    }
    class Dto {
      @Validate(Nothing as never) a!: unknown;
    }
    agree(Dto, [{ a: 1 }, {}]);
  });

  it('that throws is the libraries’ to answer', () => {
    class Dto {
      @IsNumber({ maxDecimalPlaces: 2 }) price!: number;
      @Validate(Thrower) name!: string;
    }
    agree(Dto, [{ price: 1e-7, name: 'a' }, { price: 1, name: 'a' }, { price: 1 }]);
  });
});

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

function Spy(seen: unknown[]): PropertyDecorator {
  const validate = (_: unknown, { object, ...rest }: ValidationArguments) => {
    seen.push({ object: { ...object }, name: object.constructor.name, ...rest });
    return true;
  };
  return own('spy', { validate });
}

/** Lets loud texts pass only. */
function Shout(name: string, text: string): PropertyDecorator {
  return own(name, { validate: (value: unknown) => String(value).endsWith('!'), defaultMessage: () => text });
}

interface Own {
  validate(value: unknown, asked: ValidationArguments): boolean;
  defaultMessage?(): string;
}

function own(name: string, validator: Own): PropertyDecorator {
  return (target, property) => {
    const propertyName = property as string;
    registerDecorator({ name, target: target.constructor, propertyName, validator: validator as never });
  };
}

@ValidatorConstraint({ name: 'thrower' })
class Thrower {
  validate(value: string) {
    return value.length > 0;
  }
}
