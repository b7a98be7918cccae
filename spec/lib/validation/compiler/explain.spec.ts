import 'reflect-metadata';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsDefined,
  IsEmail,
  IsInt,
  IsOptional,
  IsString,
  Length,
  Matches,
  Min,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { beforeAll, describe, expect, it } from 'vitest';
import { Invalid } from '../../../../lib/errors.ts';
import { Validation, type ValidationOptions } from '../../../../lib/validation/validation.ts';
import { agree } from './agree.ts';

class Author {
  @IsInt() id!: number;
  @IsString() @Length(2, 8) name!: string;
}

class Message {
  @IsString() @Length(2, 8) text!: string;
  @Matches(/^[a-z]+$/) @Matches(/^.{2,}$/, { message: 'too short' }) room!: string;
  @IsArray() @ArrayMaxSize(3) @IsString({ each: true }) tags!: string[];
  @IsDefined() @ValidateNested() @Type(() => Author) author!: Author;
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(2)
  @ValidateNested({ each: true })
  @Type(() => Author)
  others?: Author[];
  @IsOptional() @IsEmail() email?: string;
}

const right = {
  text: 'hello',
  room: 'lobby',
  tags: ['a'],
  author: { id: 1, name: 'Ada' },
  others: [{ id: 2, name: 'Bob' }],
  email: 'ada@example.com',
};

const TEXTS = [
  '',
  'a',
  'ab',
  'abcdefgh',
  'abcdefghi',
  '😀',
  0,
  1,
  -7_654_321,
  true,
  null,
  [],
  ['a', 'b'],
  {},
  { length: 5 },
];

describe('the issues of a compiled class', () => {
  it('are those of the libraries, however often the same mistake is made', () => {
    const wrong = [
      {},
      ...TEXTS.map(text => ({ ...right, text })),
      ...[5, '', 'A', 'AB', null].map(room => ({ ...right, room })),
      ...['a', [1], ['a', 1, 'b', 'c', 2], [['a']], {}].map(tags => ({ ...right, tags })),
      ...TEXTS.map(name => ({ ...right, author: { id: 1.5, name } })),
      ...[5, null, [], [{ id: 1 }], 'x'].map(author => ({ ...right, author })),
      ...[5, null, {}, [5], [[5]], [null], [{ id: 1, name: 1 }], [1, 2, 3, 4]].map(others => ({
        ...right,
        others,
      })),
      ...[5, 'nobody', { a: 1 }].map(email => ({ ...right, email })),
    ];
    agree(Message, [...wrong, ...wrong, ...wrong]);
    agree(Message, [...wrong, ...wrong], { stopAtFirstError: true });
    agree(Message, [...wrong, ...wrong], { forbidNonWhitelisted: true });
  });

  it('come with what only the preparation sees', () => {
    const wide = Object.fromEntries(Array.from({ length: 300 }, (_, at) => [`k${at}`, at]));
    const odd = { ...right, extra: 1, author: { id: 1, name: 'Ada', extra: 1, constructor: 1 } };
    const wrong = [{ ...right, text: wide }, { ...right, tags: [wide] }, { ...odd, text: 5 }, odd];
    for (const options of [
      {},
      { forbidNonWhitelisted: true },
      { whitelist: false },
    ] satisfies ValidationOptions[]) {
      agree(Message, [...wrong, ...wrong], options);
    }
  });
});

const validation = new Validation();
const terse = new Validation({ disableErrorMessages: true });
beforeAll(() => Promise.all([validation.load(), terse.load()]));

const issuesOf = (value: unknown) => (validation.json(Message).validate(value) as Invalid).issues;

describe('an issue', () => {
  it('cannot be changed by whoever was given it, however often the mistake is made', () => {
    const value = { ...right, text: 5 };
    const first = issuesOf(value);
    for (const _ of [1, 2, 3]) {
      for (const issue of issuesOf(value)) expect(Reflect.set(issue, 'message', 'changed')).toBe(false);
      expect(issuesOf(value)).toEqual(first);
    }
  });

  it('holds nothing of the value, and nothing beside path, rule and message', () => {
    const value = { ...right, text: 'sssssssecret', author: { id: 'secret', name: 'sssssssecret' } };
    for (const _ of [1, 2, 3]) expect(JSON.stringify(issuesOf(value))).not.toContain('secret');
    expect(Object.keys(issuesOf(value)[0] ?? {})).toEqual(['path', 'rule', 'message']);
  });
});

describe('disableErrorMessages', () => {
  it('makes no text', () => {
    let texts = 0;
    const message = () => {
      texts++;
      return 'made';
    };
    class Dto {
      @IsInt({ message }) id!: number;
      @Min(5, { message }) size!: number;
    }
    expect(terse.json(Dto).validate({ id: 'a', size: 1 })).toEqual(new Invalid([]));
    expect(texts).toBe(0);
    expect(validation.json(Dto).validate({ id: 'a', size: 1 })).toMatchObject({ issues: { length: 2 } });
    expect(texts).toBeGreaterThan(0);
  });

  it('makes none either where the libraries decide', () => {
    let texts = 0;
    class Dto {
      @ValidateIf((object: Dto) => object.kind === 'a')
      @IsInt({
        message: () => {
          texts++;
          return 'made';
        },
      })
      id!: number;
      @IsString() kind!: string;
    }
    expect(terse.json(Dto).validate({ id: 'a', kind: 'a' })).toEqual(new Invalid([]));
    expect(terse.json(Dto).validate({ id: 'a', kind: 'b' })).toEqual({ id: 'a', kind: 'b' });
    expect(texts).toBeLessThanOrEqual(1);
  });

  it('accepts what the predicate refuses and the constraint does not', () => {
    class Dto {
      @Length(2, 2) text!: string;
      @IsString() name!: string;
    }
    const value = { text: 'a\uFE0Fb', name: new String('boxed') };
    expect(terse.json(Dto).validate(value)).not.toBeInstanceOf(Invalid);
  });
});
