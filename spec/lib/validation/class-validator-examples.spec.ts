import 'reflect-metadata';
import { Type } from 'class-transformer';
import {
  Allow,
  Contains,
  IsArray,
  IsDate,
  IsDefined,
  IsEmail,
  IsFQDN,
  IsInt,
  IsNotEmpty,
  IsOptional,
  IsString,
  Length,
  Max,
  MaxLength,
  Min,
  MinLength,
  ValidateIf,
  ValidateNested,
  type ValidationArguments,
} from 'class-validator';
import { describe, expect, it } from 'vitest';
import { example, textsOf } from './class-validator-example.ts';

describe('the README of class-validator', () => {
  it('has an example under “Usage”', async () => {
    class Post {
      @Length(10, 20) title!: string;
      @Contains('hello') text!: string;
      @IsInt() @Min(0) @Max(10) rating!: number;
      @IsEmail() email!: string;
      @IsFQDN() site!: string;
      @IsDate() @Type(() => Date) createDate!: Date;
    }
    const good = {
      ...{ title: 'Hello world', text: 'hello', rating: 10, email: 'a@google.com', site: 'google.com' },
      createDate: '2026-01-02T03:04:05Z',
    };
    await example(Post, [
      [good],
      [
        {
          ...good,
          title: 'Hello',
          text: 'this is a great post about hell world',
          rating: 11,
          email: 'google.com',
        },
        ...['title isLength', 'text contains', 'rating max', 'email isEmail'],
      ],
      [{ ...good, site: 'googlecom', createDate: 'soon' }, 'site isFqdn', 'createDate isDate'],
    ]);
  });

  it('has examples under “Validation messages”', async () => {
    class Post {
      @MinLength(10, { message: 'Title is too short' })
      @MaxLength(50, { message: 'Title is too long. Maximal length is $constraint1 characters' })
      title!: string;
    }
    await example(Post, [
      [{ title: 'x'.repeat(10) }],
      [{ title: 'short' }, 'title minLength'],
      [{ title: 'x'.repeat(51) }, 'title maxLength'],
    ]);
    expect(await textsOf(Post, { title: 'short' })).toEqual({ minLength: 'Title is too short' });
    expect(await textsOf(Post, { title: 'x'.repeat(51) })).toEqual({
      maxLength: 'Title is too long. Maximal length is 50 characters',
    });
  });

  it('has an example of a message that depends on the value', async () => {
    class Post {
      @MinLength(10, {
        message: ({ value, constraints }: ValidationArguments) =>
          value.length === 1
            ? 'Too short, minimum length is 1 character'
            : `Too short, minimum length is ${constraints[0]} characters`,
      })
      title!: string;
    }
    await example(Post, [
      [{ title: 'x'.repeat(10) }],
      [{ title: 'x' }, 'title minLength'],
      [{ title: 'xx' }, 'title minLength'],
    ]);
    expect(await textsOf(Post, { title: 'xx' })).toEqual({
      minLength: 'Too short, minimum length is 10 characters',
    });
  });

  it('has examples under “Validating arrays”, “sets” and “maps”', async () => {
    class Post {
      @MaxLength(20, { each: true }) tags!: string[];
      @IsOptional() @MaxLength(20, { each: true }) @Type(() => String) set?: Set<string>;
      @IsOptional() @MaxLength(20, { each: true }) @Type(() => String) map?: Map<string, string>;
    }
    const long = 'x'.repeat(21);
    await example(Post, [
      [{ tags: ['a', 'b'] }],
      [{ tags: ['a', long] }, 'tags maxLength'],
      [{ tags: [], set: ['a', 'a', 'b'], map: { a: 'b' } }],
      [{ tags: [], set: [long], map: { a: long } }, 'set maxLength', 'map maxLength'],
    ]);
  });

  it('has examples under “Validating nested objects”', async () => {
    class User {
      @IsString() name!: string;
    }
    class Point {
      @IsInt() x!: number;
    }
    class Post {
      @ValidateNested() @Type(() => User) user!: User;
      @IsOptional() @IsArray() @ValidateNested() @Type(() => Point) matrix?: Point[][];
    }
    await example(Post, [
      [{ user: { name: 'a' } }],
      [{ user: { name: 1 } }, 'user.name isString'],
      [{ user: { name: 'a' }, matrix: [[{ x: 1 }, { x: 2 }], [{ x: 3 }]] }],
      [{ user: { name: 'a' }, matrix: [[{ x: 1 }, { x: '2' }]] }, 'matrix.0.1.x isInt'],
    ]);
  });

  it('has an example under “Inheriting Validation decorators”', async () => {
    class BaseContent {
      @IsEmail() email!: string;
      @IsString() password!: string;
    }
    class User extends BaseContent {
      @MinLength(10) @MaxLength(20) name!: string;
      @Contains('hello') welcome!: string;
      @MinLength(20) declare password: string;
    }
    await example(User, [
      [{ email: 'a@b.io', password: 'x'.repeat(20), name: 'x'.repeat(10), welcome: 'hello' }],
      [
        { email: 'invalid email', password: 'too short', name: 'not valid', welcome: 'helo' },
        ...['email isEmail', 'password minLength', 'name minLength', 'welcome contains'],
      ],
    ]);
  });

  it('has an example under “Conditional validation”', async () => {
    class Post {
      @Allow() otherProperty?: string;
      @ValidateIf(({ otherProperty }: Post) => otherProperty === 'value') @IsNotEmpty() example?: string;
    }
    await example(Post, [
      [{ otherProperty: 'value', example: 'a' }],
      [{ otherProperty: 'value', example: '' }, 'example isNotEmpty'],
      [{ otherProperty: 'other', example: '' }],
      [{}],
    ]);
  });

  it('has examples under “Whitelisting”', async () => {
    class Post {
      @Allow() title!: string;
      @Min(0) views!: number;
      declare nonWhitelistedProperty: number;
    }
    const post = { title: 'Hello world!', views: 420 };
    await example(Post, [[post], [{ ...post, nonWhitelistedProperty: 69, another: 'something' }]]);
    await example(
      Post,
      [
        [post],
        [
          { ...post, nonWhitelistedProperty: 69, another: 'something' },
          ...['nonWhitelistedProperty whitelistValidation', 'another whitelistValidation'],
        ],
      ],
      { options: { forbidNonWhitelisted: true } },
    );
  });

  it('has an example under “Skipping missing properties”', async () => {
    class Post {
      @IsDefined() @IsString() title!: string;
      @IsString() text!: string;
    }
    await example(
      Post,
      [[{ title: 'a' }], [{ text: 'a' }, 'title isDefined'], [{ title: 'a', text: 5 }, 'text isString']],
      {
        options: { skipMissingProperties: true },
      },
    );
  });

  it('has examples under “Validation groups”', async () => {
    class User {
      @Min(12, { groups: ['registration'] }) age!: number;
      @Length(2, 20, { groups: ['registration', 'admin'] }) name!: string;
    }
    const user = { age: 10, name: 'Alex' };
    await example(User, [[user, 'age min']], { options: { groups: ['registration'] } });
    await example(User, [[{ name: 'Alex' }]], { options: { groups: ['admin'] } });
    await example(User, [[user, 'age min']], { options: { groups: ['registration', 'admin'] } });
    await example(User, [[user, 'age min']]);
    await example(User, [[user, 'age min']], { options: { groups: [] } });
  });

  it('has an example under “Validation option validateIf”', async () => {
    class MyClass {
      @Min(5, {
        message: 'min',
        validateIf: ({ someOtherProperty: other }: MyClass) => !other || other === 'min',
      })
      @Max(3, {
        message: 'max',
        validateIf: ({ someOtherProperty: other }: MyClass) => !other || other === 'max',
      })
      someProperty!: number;
      @Allow() someOtherProperty!: string;
    }
    await example(MyClass, [
      [{ someProperty: 4, someOtherProperty: 'min' }, 'someProperty min'],
      [{ someProperty: 4, someOtherProperty: 'max' }, 'someProperty max'],
      [{ someProperty: 4, someOtherProperty: '' }, 'someProperty min', 'someProperty max'],
      [{ someProperty: 4, someOtherProperty: 'other' }],
    ]);
  });
});
