import 'reflect-metadata';
import { Expose, Transform, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsDate,
  IsEnum,
  IsIn,
  IsInt,
  IsNumber,
  IsOptional,
  IsString,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { beforeAll, describe, expect, it } from 'vitest';
import { Invalid } from '../../../lib/errors.ts';
import { Validation } from '../../../lib/validation/validation.ts';
import { Level, Mood } from './enums.ts';

enum LocalLevel {
  Low,
  High,
}

const stripping = new Validation();
const forbidding = new Validation({ forbidNonWhitelisted: true });
beforeAll(() => Promise.all([stripping.load(), forbidding.load()]));

/** The property `value` after reading `text`, or its issues as `rule: message`. */
function read(type: new () => { value: unknown }, text: unknown): unknown {
  const result = stripping.text(type).validate({ value: text });
  if (!(result instanceof Invalid)) return (result as { value: unknown }).value;
  return result.issues.map(({ path, rule, message }) => `${path} ${rule}: ${message}`);
}

describe('a number', () => {
  class Declared {
    @IsNumber() value!: number;
  }
  class Nullable {
    @IsOptional() @IsNumber() value!: number | null;
  }
  class Typed {
    @Type(() => Number) @IsNumber() value!: unknown;
  }

  for (const type of [Declared, Nullable, Typed]) {
    it(`is read from ordinary decimals: ${type.name}`, () => {
      expect(['5', '-5', '1.5', '1e3', '0', '-0.25', '1E-2', '007'].map(text => read(type, text))).toEqual([
        5, -5, 1.5, 1000, 0, -0.25, 0.01, 7,
      ]);
    });

    it.each([
      'abc',
      '',
      ' ',
      ' 5',
      '5 ',
      '0x10',
      '1e999',
      'NaN',
      'Infinity',
      '--5',
      '1.',
      '.5',
      '1,5',
      '+5',
      '5n',
      '1_000',
    ])(`is not read from %j: ${type.name}`, text => {
      expect(read(type, text)).toEqual(['value isNumber: must be a number']);
    });

    it(`must be given once: ${type.name}`, () => {
      expect(read(type, ['1', '2'])).toEqual(['value isNumber: must be given once']);
    });
  }

  it('is judged by its rules after it was read', () => {
    class Limited {
      @IsInt() @Min(1) @Max(10) value!: number;
    }
    expect(read(Limited, '5')).toBe(5);
    expect(read(Limited, '50')).toEqual(['value max: value must not be greater than 10']);
  });
});

describe('a boolean', () => {
  class Declared {
    @IsBoolean() value!: boolean;
  }
  it('is read from true, false, 1 and 0', () => {
    expect(['true', '1', 'false', '0'].map(text => read(Declared, text))).toEqual([true, true, false, false]);
  });

  it.each(['', 'yes', 'TRUE', '2', 'on'])('is not read from %j', text => {
    expect(read(Declared, text)).toEqual(['value isBoolean: must be a boolean']);
  });

  it('is read by a @Transform() where the property has one', () => {
    class Own {
      @Transform(({ value }) => value === 'yes') @IsBoolean() value!: boolean;
    }
    expect(read(Own, 'yes')).toBe(true);
    expect(read(Own, 'true')).toBe(false);
  });
});

describe('a date', () => {
  class Declared {
    @IsDate() value!: Date;
  }
  class Typed {
    @Type(() => Date) @IsDate() value!: Date | null;
  }

  for (const type of [Declared, Typed]) {
    it(`is read from ISO 8601: ${type.name}`, () => {
      expect(read(type, '2024-02-29')).toEqual(new Date('2024-02-29'));
      expect(read(type, '2024-02-29T10:00:00.5+02:00')).toEqual(new Date('2024-02-29T08:00:00.500Z'));
    });

    it.each(['2024-02-30', '2024-13-01', '5', 'today', '', '2024-01-01T25:00Z', '2024-01-01 10:00'])(
      `is not read from %j: ${type.name}`,
      text => {
        expect(read(type, text)).toEqual(['value isDate: must be an ISO 8601 date']);
      },
    );
  }
});

describe('a string', () => {
  class Declared {
    @IsString() value!: string;
  }
  it('stays what it is', () => {
    expect(['', '5', 'true', ' '].map(text => read(Declared, text))).toEqual(['', '5', 'true', ' ']);
  });

  it('must be given once', () => {
    expect(read(Declared, ['a', 'b'])).toEqual(['value isString: must be given once']);
  });
});

describe('an enum', () => {
  class Local {
    @IsEnum(LocalLevel) value!: LocalLevel;
  }
  class Imported {
    @IsEnum(Level) value!: Level;
  }
  class Nullable {
    @IsOptional() @IsEnum(Level) value!: Level | null;
  }
  class Listed {
    @IsIn([0, 1]) value!: Level;
  }

  for (const type of [Local, Imported, Nullable]) {
    it(`of numbers is read from its values only: ${type.name}`, () => {
      expect([read(type, '0'), read(type, '1')]).toEqual([0, 1]);
      for (const text of ['High', '2', '01', '']) {
        expect(read(type, text)).toEqual(['value isEnum: must be one of the following values: 0, 1']);
      }
    });
  }

  it('of numbers is read without @IsEnum() too', () => {
    expect(read(Listed, '1')).toBe(1);
  });

  it('of strings is read from its values', () => {
    class Strings {
      @IsEnum(Mood) value!: Mood;
    }
    expect(read(Strings, 'good')).toBe('good');
    expect(read(Strings, 'Good')).toEqual(['value isEnum: must be one of the following values: good, bad']);
    expect(read(Strings, ['good', 'bad'])).toEqual(['value isEnum: must be given once']);
  });

  it('is read in a list', () => {
    class Many {
      @IsEnum(Level, { each: true }) value!: Level[];
    }
    expect(read(Many, ['1', '0'])).toEqual([1, 0]);
    expect(read(Many, ['1', 'High'])).toEqual(['value.1 isEnum: must be one of the following values: 0, 1']);
  });
});

describe('a list', () => {
  class Strings {
    @IsString({ each: true }) @ArrayMaxSize(2) value!: string[];
  }
  class Numbers {
    @IsArray() @Type(() => Number) @IsInt({ each: true }) value!: number[];
  }
  class Untyped {
    @IsOptional() @IsInt({ each: true }) value!: number[] | null;
  }

  it('takes a single text as a list of one', () => {
    expect(read(Strings, 'a')).toEqual(['a']);
    expect(read(Numbers, '1')).toEqual([1]);
    expect(read(Untyped, '1')).toEqual([1]);
  });

  it('takes a repeated key', () => {
    expect(read(Strings, ['a', 'b'])).toEqual(['a', 'b']);
    expect(read(Numbers, ['1', '2'])).toEqual([1, 2]);
  });

  it('names the element that cannot be read', () => {
    expect(read(Numbers, ['1', 'x', ''])).toEqual([
      'value.1 isNumber: must be a number',
      'value.2 isNumber: must be a number',
    ]);
  });

  it('is judged by its rules', () => {
    expect(read(Strings, ['a', 'b', 'c'])).toEqual([
      'value arrayMaxSize: value must contain no more than 2 elements',
    ]);
  });

  it('becomes a Set where @Type() says so', () => {
    class Unique {
      @Type(() => Number) @IsInt({ each: true }) value!: Set<number>;
    }
    expect(read(Unique, ['1', '2', '1'])).toEqual(new Set([1, 2]));
  });
});

describe('Validation.text', () => {
  class Page {
    @IsInt() page = 1;
    @IsOptional() @IsString() sort?: string;
  }

  it('keeps the default of an absent key, and the order of the class', () => {
    expect(stripping.text(Page).validate({})).toEqual({ page: 1 });
    expect(stripping.text(Page).validate({ page: undefined })).toEqual({ page: 1 });
    expect(stripping.text(Page).validate({ sort: ['a', 'b'], page: 'x' })).toEqual(
      new Invalid([
        { path: 'page', rule: 'isNumber', message: 'must be a number' },
        { path: 'sort', rule: 'isString', message: 'must be given once' },
      ]),
    );
  });

  it('treats unknown keys by the options, unless it strips them', () => {
    expect(stripping.text(Page).validate({ other: 'a' })).toEqual({ page: 1 });
    expect(forbidding.text(Page).validate({ other: 'a' })).toBeInstanceOf(Invalid);
    expect(forbidding.text(Page, { stripsUnknown: true }).validate({ other: 'a' })).toEqual({ page: 1 });
  });

  it('reads headers by quoted or exposed names, and keeps their defaults', () => {
    class Headers {
      @IsString() 'user-agent' = 'none';
      @Expose({ name: 'x-api-key' }) @IsInt() apiKey = 7;
    }
    const { validate } = stripping.text(Headers, { stripsUnknown: true });
    expect(validate({ 'x-api-key': '5', host: 'a', 'user-agent': 'b' })).toEqual({
      'user-agent': 'b',
      apiKey: 5,
    });
    expect(validate({ host: 'a' })).toEqual({ 'user-agent': 'none', apiKey: 7 });
    expect(validate({ 'x-api-key': 'a' })).toEqual(
      new Invalid([{ path: 'apiKey', rule: 'isNumber', message: 'must be a number' }]),
    );
  });

  it('takes what hooks put in place of the texts', () => {
    class Filter {
      @IsInt() min!: number;
    }
    class Query {
      @IsInt() page!: number;
      @ValidateNested() @Type(() => Filter) filter!: Filter;
    }
    const { validate } = stripping.text(Query);
    const query = validate({ page: 2, filter: { min: '5', other: '1' } }) as Query;
    expect(query).toEqual({ page: 2, filter: { min: 5 } });
    expect(query.filter).toBeInstanceOf(Filter);
    expect(validate({ page: {}, filter: { min: 'x' } })).toMatchObject({
      issues: [{ path: 'page' }, { path: 'filter.min', rule: 'isNumber' }],
    });
  });

  it('reads a record without a prototype and hostile keys', () => {
    const record = Object.assign(Object.create(null), { page: '2', constructor: 'a', toString: 'b' });
    Object.defineProperty(record, '__proto__', { value: 'c', enumerable: true });
    expect(stripping.text(Page).validate(record)).toEqual({ page: 2 });
  });
});
