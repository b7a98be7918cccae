import 'reflect-metadata';
import { Exclude, Expose, Transform, Type } from 'class-transformer';
import { Allow, IsDefined, IsInt, IsOptional, IsString, ValidateNested } from 'class-validator';
import { describe, expect, it } from 'vitest';
import type { ValidationOptions } from '../../../../lib/validation/validation.ts';
import { compare } from '../differential/compare.ts';
import { agree } from './agree.ts';

const POLICIES: readonly ValidationOptions[] = [{}, { forbidNonWhitelisted: true }, { whitelist: false }];

function agreeAlways(type: new () => object, values: readonly unknown[], options: ValidationOptions = {}) {
  for (const policy of POLICIES) expect(agree(type, values, { ...policy, ...options }).missed).toBe(0);
}

describe('@Expose()', () => {
  class User {
    @Expose({ name: 'user_name' }) @IsString() userName!: string;
    @Expose() @IsOptional() @IsInt() age = 18;
    @IsOptional() @IsInt() size = 1;
  }

  it('reads a property by its other name', () => {
    agreeAlways(User, [
      { user_name: 'a', age: 1 },
      { user_name: 5 },
      { userName: 'a' },
      {},
      { user_name: 'a', q: 1 },
    ]);
  });

  it('overwrites the default of an exposed property whose key is absent, and no other', () => {
    const { accepted } = agree(User, [{ user_name: 'a' }]);
    expect(accepted).toBe(1);
    agreeAlways(User, [{ user_name: 'a' }], { transformOptions: { exposeDefaultValues: true } });
    agreeAlways(User, [{ user_name: 'a' }], { transformOptions: { exposeUnsetFields: false } });
  });

  it('leaves it to class-transformer which of two keys wins', () => {
    const values = [
      { user_name: 'a', userName: 'b' },
      { userName: 'b', user_name: 'a' },
    ];
    expect(agree(User, values).missed).toBe(2);
  });

  it('counts by group, version and direction', () => {
    class Dto {
      @Expose({ groups: ['admin'] }) @IsOptional() @IsInt() secret?: number;
      @Expose({ since: 2, name: 'now' }) @IsOptional() @IsInt() newer?: number;
      @Expose({ until: 2 }) @IsOptional() @IsInt() older = 3;
      @Expose({ toPlainOnly: true, name: 'out' }) @IsOptional() @IsInt() inner?: number;
    }
    const values = [{ secret: 1, newer: 1, older: 1, inner: 1 }, { now: 1 }, { out: 1 }, {}, { secret: 'x' }];
    for (const transformOptions of [
      {},
      { groups: ['admin'] },
      { groups: ['user'] },
      { version: 1 },
      { version: 2 },
    ])
      for (const policy of POLICIES) agree(Dto, values, { ...policy, transformOptions });
  });

  it('is all that is read under excludeExtraneousValues and the strategy excludeAll', () => {
    class Dto {
      @Expose() @IsInt() id!: number;
      @IsOptional() @IsString() name = 'default';
    }
    const values = [{ id: 1, name: 'a' }, { id: 1, name: 5 }, { id: 'x' }];
    agree(Dto, [{ id: 1, q: 1 }], { whitelist: false, transformOptions: { strategy: 'excludeAll' } });
    agreeAlways(Dto, values, { transformOptions: { excludeExtraneousValues: true } });
    agreeAlways(Dto, values, { transformOptions: { strategy: 'excludeAll' } });
  });

  it('on the class keeps what is not declared from the strategy excludeAll, but for what objects hold', () => {
    @Expose()
    class Dto {
      @IsInt() id!: number;
    }
    const options: ValidationOptions = { whitelist: false, transformOptions: { strategy: 'excludeAll' } };
    agree(
      Dto,
      [
        { id: 1, q: 1 },
        { id: 1, q: { a: 1 } },
        { id: 1, q: [{ a: 1 }] },
        { id: 'x', q: {} },
      ],
      options,
    );
  });

  it('runs the @Transform() of an absent key', () => {
    class Dto {
      @Expose() @Transform(({ value }) => value ?? 'none') @IsString() name!: string;
      @Expose() @Type(() => Number) @IsOptional() @IsInt() n?: number;
    }
    agreeAlways(Dto, [{}, { name: 'a', n: '5' }, { name: 5 }]);
  });

  it('is compiled for texts, which keep the default', () => {
    const { differences, isCompiled } = compare({
      type: User,
      options: {},
      values: [{ user_name: 'a' }, { user_name: 'a', age: '5' }, { age: 'x' }],
      isText: true,
    });
    expect({ differences, isCompiled }).toEqual({ differences: [], isCompiled: true });
  });

  it('of a getter, for what is sent, is passed over', () => {
    class Dto {
      @IsString() name!: string;
      @Expose() get upper() {
        return this.name.toUpperCase();
      }
    }
    agreeAlways(Dto, [{ name: 'a' }, { name: 5 }]);
  });

  it('is left to the libraries where another property has the name', () => {
    class Dto {
      @Expose({ name: 'b' }) @IsInt() a!: number;
      @IsInt() b!: number;
    }
    const { reasons, differences } = compare({ type: Dto, options: {}, values: [{ a: 1, b: 2 }, { b: 2 }] });
    expect({ reasons, differences }).toEqual({ reasons: ['a: exposed as b, which is b'], differences: [] });
  });
});

describe('@Exclude()', () => {
  it('leaves what was sent unread', () => {
    class Dto {
      @Exclude() @IsOptional() @IsInt() id = 7;
      @Exclude({ toPlainOnly: true }) @IsString() password!: string;
      @Exclude({ toClassOnly: true }) @Allow() free: unknown;
    }
    agreeAlways(Dto, [{ id: 'x', password: 'a', free: 1 }, { password: 5 }, { id: 1, password: 'a', q: 1 }]);
    expect(agree(Dto, [{ password: 'a', free: { a: [1] } }]).missed).toBe(1);
  });

  it('on the class leaves all unread that is not exposed', () => {
    @Exclude()
    class Inner {
      @Expose() @IsInt() id!: number;
      @IsOptional() @IsString() name?: string;
    }
    class Dto {
      @IsDefined() @ValidateNested() @Type(() => Inner) inner!: Inner;
    }
    agreeAlways(Dto, [{ inner: { id: 1, name: 5 } }, { inner: { id: 'x' } }, { inner: {} }]);
  });
});

describe('@Transform() of a group', () => {
  it('runs for that group only', () => {
    class Dto {
      @Transform(({ value }) => `${value}!`, { groups: ['loud'] }) @IsString() text!: string;
      @Transform(({ value }) => `${value}2`, { since: 2 }) @IsString() version!: string;
    }
    const values = [{ text: 'a', version: 'b' }];
    for (const transformOptions of [{}, { groups: ['loud'] }, { version: 1 }, { version: 2 }])
      agreeAlways(Dto, values, { transformOptions });
  });
});
