import 'reflect-metadata';
import { Exclude, Expose, Transform, Type } from 'class-transformer';
import { IsDate, IsInt, IsOptional, IsString, ValidateNested } from 'class-validator';
import { beforeAll, describe, expect, it } from 'vitest';
import { Invalid } from '../../../lib/errors.ts';
import { Validation } from '../../../lib/validation/validation.ts';

class Tag {
  @IsString() label!: string;
}

class User {
  @IsInt() id!: number;
  @Expose({ name: 'user_name' }) @IsString() userName!: string;
  @IsString() @Exclude() password = 'x';
  @IsOptional()
  @IsDate()
  @Transform(({ value }) => value?.getTime(), { toPlainOnly: true })
  at?: Date;
  @IsOptional() @ValidateNested() @Type(() => Tag) tags?: Tag[];
  @Expose() get shout(): string {
    return this.userName.toUpperCase();
  }
}

const validation = new Validation();
beforeAll(() => validation.load());

describe('Validation.outgoing', () => {
  const value = {
    id: 1,
    userName: 'ada',
    password: 'p',
    secret: 's',
    at: new Date(5),
    tags: [{ label: 'a', secret: 1 }],
  };
  const plain = { id: 1, user_name: 'ada', at: 5, tags: [{ label: 'a' }], shout: 'ADA' };

  it('serialises a plain value as the DTO says, without what it does not declare', () => {
    expect(validation.outgoing(User).validate(value)).toEqual(plain);
  });

  it('serialises an instance the same way, and leaves it as it was', () => {
    const user = Object.assign(new User(), value);
    const before = { ...user };
    expect(validation.outgoing(User).validate(user)).toEqual(plain);
    expect({ ...user }).toEqual(before);
    expect(Object.getPrototypeOf(user.tags?.[0])).toBe(Object.prototype);
  });

  it('serialises a list', () => {
    expect(validation.outgoing([User]).validate([value, value])).toEqual([plain, plain]);
    expect(validation.outgoing([User]).validate(value)).toBeInstanceOf(Invalid);
  });

  it('reports what does not fit', () => {
    expect(validation.outgoing(User).validate({ id: 'x', userName: 'a', tags: [{}] })).toEqual(
      new Invalid([
        { path: 'id', rule: 'isInt', message: 'id must be an integer number' },
        { path: 'tags.0.label', rule: 'isString', message: 'label must be a string' },
      ]),
    );
    for (const wrong of [null, undefined, 5, 'a', []]) {
      expect(validation.outgoing(User).validate(wrong)).toEqual(
        new Invalid([{ path: '', rule: 'isObject', message: 'must be an object' }]),
      );
    }
  });

  it('reads getters of an entity with private fields', () => {
    class Account {
      #balance = 5;
      @IsInt() get balance(): number {
        return this.#balance;
      }
    }
    expect(validation.outgoing(Account).validate(new Account())).toEqual({ balance: 5 });
  });

  it('never meets what is not declared, circular as it may be', () => {
    const value: Record<string, unknown> = { label: 'a' };
    value.manager = { value };
    expect(validation.outgoing(Tag).validate(value)).toEqual({ label: 'a' });
    expect(validation.outgoing(Tag).validate(Object.assign(new Tag(), value))).toEqual({ label: 'a' });
  });

  it('serialises subclasses by their own rules', () => {
    class Bold extends Tag {
      @IsInt() weight = 700;
    }
    expect(validation.outgoing(Tag).validate(Object.assign(new Bold(), { label: 'a' }))).toMatchObject({
      label: 'a',
    });
  });

  it('refuses no undeclared property, even where the client may send none', async () => {
    const forbidding = new Validation({ forbidNonWhitelisted: true });
    await forbidding.load();
    expect(forbidding.outgoing(Tag).validate({ label: 'a', other: 1 })).toEqual({ label: 'a' });
  });

  it('leaves out what the constructor sets without a decorator, whatever it is called', async () => {
    class Odd {
      @IsInt() id = 1;
      prototype = 'x';
      constructor() {
        Object.assign(this, { other: 'y' });
      }
    }
    for (const compile of ['off', 'auto'] as const) {
      const own = new Validation({ compile });
      await own.load();
      expect(own.outgoing(Odd).validate({ id: 2 })).toEqual({ id: 2 });
    }
  });

  it('names a discriminated class by its property', () => {
    class Cat extends Tag {
      @IsInt() lives!: number;
    }
    class Owner {
      @ValidateNested()
      @Type(() => Tag, { discriminator: { property: 'kind', subTypes: [{ name: 'cat', value: Cat }] } })
      pet!: Tag;
    }
    const pet = Object.assign(new Cat(), { label: 'a', lives: 9 });
    const expected = { pet: { kind: 'cat', label: 'a', lives: 9 } };
    expect(validation.outgoing(Owner).validate({ pet })).toEqual(expected);
    expect(Object.keys(pet)).not.toContain('kind');
    expect(validation.outgoing(Owner).validate({ pet: { ...pet, kind: 'cat' } })).toEqual(expected);
  });
});
