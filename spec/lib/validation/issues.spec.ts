import 'reflect-metadata';
import { Type } from 'class-transformer';
import {
  Equals,
  IsInt,
  IsString,
  MinLength,
  registerDecorator,
  Validate,
  ValidateNested,
  type ValidationArguments,
  ValidatorConstraint,
  type ValidatorConstraintInterface,
} from 'class-validator';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Invalid } from '../../../lib/errors.ts';
import { Validation } from '../../../lib/validation/validation.ts';

const validation = new Validation();
beforeAll(() => validation.load());

const issuesOf = (type: new () => object, value: unknown) =>
  (validation.json(type).validate(value) as Invalid).issues;

@ValidatorConstraint({ name: 'shortText' })
class ShortText implements ValidatorConstraintInterface {
  validate(text: string) {
    return text.length < 3;
  }
  defaultMessage() {
    return 'Text ($value) is too long';
  }
}

@ValidatorConstraint()
class Nameless implements ValidatorConstraintInterface {
  validate() {
    return false;
  }
}

describe('the message of an issue', () => {
  it('is the user’s own, with the tokens of the class', () => {
    class Dto {
      @MinLength(3, { message: '$target.$property needs $constraint1 characters' }) name!: string;
    }
    expect(issuesOf(Dto, { name: 'a' })).toEqual([
      { path: 'name', rule: 'minLength', message: 'Dto.name needs 3 characters' },
    ]);
  });

  it('is neutral where it would name the value', () => {
    class Dto {
      @MinLength(30, { message: 'no $value' }) token!: string;
      @Validate(ShortText) custom!: string;
      @Equals(1, { message: ({ value }) => `not ${value}` }) computed!: string;
      @IsInt({ message: ({ object }) => `among ${JSON.stringify(object)}` }) sibling!: number;
    }
    const secret = 's3cret';
    const issues = issuesOf(Dto, { token: secret, custom: secret, computed: secret, sibling: secret });
    expect(issues).toEqual([
      { path: 'token', rule: 'minLength', message: 'token is not valid' },
      { path: 'custom', rule: 'shortText', message: 'custom is not valid' },
      { path: 'computed', rule: 'equals', message: 'computed is not valid' },
      { path: 'sibling', rule: 'isInt', message: 'sibling is not valid' },
    ]);
  });

  it('is neutral where a value of x’s would pass for its mask', () => {
    class Dto {
      @IsInt({ message: ({ value }) => `not ${value}` }) number!: number;
    }
    expect(issuesOf(Dto, { number: 'xxx' })[0]?.message).toBe('number is not valid');
  });

  it('keeps a computed text that says nothing of the value but its length', () => {
    const message = ({ value, constraints }: ValidationArguments) =>
      value.length === 1 ? 'much too short' : `shorter than ${constraints[0]}`;
    class Dto {
      @MinLength(5, { message }) a!: string;
      @MinLength(5, { message }) b!: string;
    }
    expect(issuesOf(Dto, { a: 'q', b: 'qq' }).map(issue => issue.message)).toEqual([
      'much too short',
      'shorter than 5',
    ]);
  });

  it('is neutral in the elements of a list too', () => {
    class Item {
      @IsInt() id!: number;
    }
    class Dto {
      @ValidateNested({ message: 'bad $value' }) @Type(() => Item) items!: Item[];
    }
    expect(issuesOf(Dto, { items: ['s3cret'] })).toEqual([
      { path: 'items.0', rule: 'nestedValidation', message: 'items is not valid' },
    ]);
  });

  it('is neutral where a constraint has none', () => {
    class Dto {
      @Validate(Nameless) a!: string;
    }
    expect(issuesOf(Dto, { a: 1 })[0]?.message).toBe('a is not valid');
  });

  it('is cut at 200 characters', () => {
    class Dto {
      @IsString({ message: 'm'.repeat(500) }) a!: string;
    }
    expect(issuesOf(Dto, {})[0]?.message).toBe(`${'m'.repeat(199)}…`);
  });
});

describe('the number of issues', () => {
  class Item {
    @IsInt() id!: number;
  }
  class Dto {
    @ValidateNested() @Type(() => Item) items!: Item[];
  }
  const items = (count: number) => ({ items: Array.from({ length: count }, () => ({})) });

  it('is 10 at most, and the last says how many are missing', () => {
    expect(issuesOf(Dto, items(10)).at(-1)?.path).toBe('items.9.id');
    const issues = issuesOf(Dto, items(500));
    expect(issues).toHaveLength(10);
    expect(issues.at(-2)?.path).toBe('items.8.id');
    expect(issues.at(-1)).toEqual({ path: '', rule: 'truncated', message: 'and 491 more' });
  });

  it('counts over the elements of a list', () => {
    const { issues } = validation.json([Dto]).validate([items(8), items(8)]) as Invalid;
    expect(issues).toHaveLength(10);
    expect(issues[8]?.path).toBe('1.items.0.id');
    expect(issues.at(-1)?.message).toBe('and 7 more');
  });
});

describe('a check that throws', () => {
  it('makes the value invalid', () => {
    class Dto {
      @Validate(ShortText) text!: string;
    }
    expect(issuesOf(Dto, {})).toEqual([{ path: '', rule: 'invalid', message: 'is not valid' }]);
  });
});

describe('an asynchronous check', () => {
  const isFree =
    (answer: (value: unknown) => unknown, async: boolean) => (target: object, propertyName: string) =>
      registerDecorator({
        name: 'isFree',
        target: target.constructor,
        propertyName,
        async,
        constraints: [],
        options: {},
        validator: {
          validate: value => answer(value) as boolean,
          defaultMessage: () => '$property is taken',
        },
      });
  const taken = [{ path: 'name', rule: 'isFree', message: 'name is taken' }];

  for (const isFlagged of [true, false]) {
    it(`is awaited, flagged as such: ${isFlagged}`, async () => {
      class Dto {
        @isFree(async value => value === 'free', isFlagged) name!: string;
      }
      const { validate } = validation.json(Dto);
      const pending = validate({ name: 'free' });
      expect(pending).toBeInstanceOf(Promise);
      expect(await pending).toBeInstanceOf(Dto);
      expect(((await validate({ name: 'other' })) as Invalid).issues).toEqual(taken);
      expect(
        ((await validation.json([Dto]).validate([{ name: 'free' }, {}])) as Invalid).issues[0]?.path,
      ).toBe('1.name');
    });
  }

  it('that answers at once needs no promise', () => {
    class Dto {
      @isFree(value => value === 'free', true) name!: string;
    }
    expect(validation.json(Dto).validate({ name: 'free' })).toBeInstanceOf(Dto);
    expect(issuesOf(Dto, { name: 'other' })).toEqual(taken);
  });

  it('that rejects makes the value invalid', async () => {
    class Dto {
      @isFree(() => Promise.reject(new Error('secret')), true) name!: string;
    }
    const { issues } = (await validation.json(Dto).validate({ name: 'a' })) as Invalid;
    expect(issues).toEqual([{ path: '', rule: 'invalid', message: 'is not valid' }]);
  });
});
