import { describe, expect, it } from 'vitest';
import {
  BadRequestException,
  DefaultValuePipe,
  HttpException,
  HttpStatus,
  NotAcceptableException,
  ParseBoolPipe,
  ParseDatePipe,
  type ParseDatePipeOptions,
  ParseEnumPipe,
  ParseFloatPipe,
  ParseIntPipe,
  type ParsePipeOptions,
  ParseUUIDPipe,
  type ParseUUIDPipeOptions,
  type PipeTransform,
} from '../../../lib/index.ts';

enum Sort {
  Newest = 'newest',
  Oldest = 'oldest',
}

enum Level {
  Low,
  High = 5,
}

enum Mixed {
  One = 1,
  Text = 'One',
}

const UUID_1 = '123e4567-e89b-12d3-a456-426614174000';
const UUID_4 = '123E4567-E89B-42D3-A456-426614174000';
const NIL = '00000000-0000-0000-0000-000000000000';

/** Each of them with its options, as the specs that go for all of them make it. */
const PIPES: readonly [string, (options?: ParsePipeOptions) => PipeTransform, string][] = [
  ['ParseIntPipe', options => new ParseIntPipe(options), 'numeric string is expected'],
  ['ParseFloatPipe', options => new ParseFloatPipe(options), 'numeric string is expected'],
  ['ParseBoolPipe', options => new ParseBoolPipe(options), 'boolean string is expected'],
  ['ParseUUIDPipe', options => new ParseUUIDPipe(options), 'uuid is expected'],
  ['ParseEnumPipe', options => new ParseEnumPipe(Sort, options), 'enum string is expected'],
  ['ParseDatePipe', options => new ParseDatePipe(options), 'invalid date format'],
];

function failure(pipe: PipeTransform, value: unknown): unknown {
  try {
    pipe.transform(value, { type: 'query', data: 'page' });
  } catch (error) {
    return error;
  }
  throw new Error('the pipe took the value');
}

describe.each(PIPES)('%s', (_name, make, expected) => {
  it('refuses with NestJS’s message and an issue at the key, without the value', () => {
    const error = failure(make(), 'secret');
    expect(error).toBeInstanceOf(BadRequestException);
    const exception = error as BadRequestException;
    expect(exception.message).toBe(`Validation failed (${expected})`);
    expect(exception.getResponse()).toEqual({
      code: 'validation_failed',
      message: `Validation failed (${expected})`,
      issues: [{ path: 'page', rule: expect.stringMatching(/^is[A-Z]/), message: expected }],
    });
  });

  it('refuses a missing value unless it is optional', () => {
    expect(failure(make(), undefined)).toBeInstanceOf(BadRequestException);
    expect(failure(make(), null)).toBeInstanceOf(BadRequestException);
    expect(make({ optional: true }).transform(undefined, { type: 'query' })).toBeUndefined();
    expect(make({ optional: true }).transform(null, { type: 'query' })).toBeNull();
    expect(failure(make({ optional: true }), '')).toBeInstanceOf(BadRequestException);
  });

  it('refuses what is no text of that kind', () => {
    for (const value of ['', ' ', {}, [], () => 1, Symbol('s'), 10n, '__proto__', 'constructor']) {
      expect(failure(make(), value)).toBeInstanceOf(BadRequestException);
    }
  });

  it('takes the status from errorHttpStatusCode', () => {
    const named = failure(make({ errorHttpStatusCode: HttpStatus.NOT_ACCEPTABLE }), 'x');
    expect(named).toBeInstanceOf(NotAcceptableException);
    const unnamed = failure(
      make({ errorHttpStatusCode: HttpStatus.TOO_MANY_REQUESTS }),
      'x',
    ) as HttpException;
    expect(unnamed).toBeInstanceOf(HttpException);
    expect(unnamed.getStatus()).toBe(429);
  });

  it('throws what exceptionFactory makes of the message', () => {
    const error = failure(make({ exceptionFactory: text => new RangeError(text) }), 'x');
    expect(error).toEqual(new RangeError(`Validation failed (${expected})`));
  });

  it('names no path where the argument has no key', () => {
    try {
      make().transform('x', { type: 'body' });
      expect.unreachable();
    } catch (error) {
      expect((error as HttpException).getResponse()).toMatchObject({ issues: [{ path: '' }] });
    }
  });
});

describe('ParseIntPipe', () => {
  it.each([
    ['0', 0],
    ['-12', -12],
    ['007', 7],
    [42, 42],
  ])('reads %j as %d', (value, number) => {
    expect(new ParseIntPipe().transform(value)).toBe(number);
  });

  it.each([
    '1.5',
    '1e3',
    '0x10',
    '+1',
    ' 1',
    '1\n',
    '12abc',
    '9'.repeat(400),
    1.5,
    1e21,
    NaN,
    Infinity,
    true,
  ])('refuses %j', value => {
    expect(failure(new ParseIntPipe(), value)).toBeInstanceOf(BadRequestException);
  });
});

describe('ParseFloatPipe', () => {
  it.each([
    ['1.5', 1.5],
    ['-0.25', -0.25],
    ['1e3', 1000],
    [2.5, 2.5],
  ])('reads %j as %d', (value, number) => {
    expect(new ParseFloatPipe().transform(value)).toBe(number);
  });

  it.each(['0x10', '0B1', '0o7', ' 1', 'Infinity', 'NaN', '1,5', '1.5abc', NaN, Infinity])(
    'refuses %j',
    value => {
      expect(failure(new ParseFloatPipe(), value)).toBeInstanceOf(BadRequestException);
    },
  );
});

describe('ParseBoolPipe', () => {
  it.each([
    ['true', true],
    [true, true],
    ['false', false],
    [false, false],
  ])('reads %j', (value, boolean) => {
    expect(new ParseBoolPipe().transform(value)).toBe(boolean);
  });

  it.each(['1', '0', 1, 0, 'TRUE', 'yes'])('refuses %j', value => {
    expect(failure(new ParseBoolPipe(), value)).toBeInstanceOf(BadRequestException);
  });
});

describe('ParseUUIDPipe', () => {
  it.each([UUID_1, UUID_4, NIL, NIL.replaceAll('0', 'f')])('takes %s as it is', uuid => {
    expect(new ParseUUIDPipe().transform(uuid)).toBe(uuid);
  });

  it('takes one version only, and says which', () => {
    const options: ParseUUIDPipeOptions = { version: '4' };
    expect(new ParseUUIDPipe(options).transform(UUID_4)).toBe(UUID_4);
    const error = failure(new ParseUUIDPipe(options), UUID_1) as BadRequestException;
    expect(error.message).toBe('Validation failed (uuid v 4 is expected)');
    expect(failure(new ParseUUIDPipe(options), NIL)).toBeInstanceOf(BadRequestException);
  });

  it.each([
    UUID_1.replace('-1', '-9'),
    UUID_1.replace('-a', '-c'),
    `${UUID_1}0`,
    `{${UUID_1}}`,
    UUID_1.replaceAll('-', ''),
  ])('refuses %s', value => {
    expect(failure(new ParseUUIDPipe(), value)).toBeInstanceOf(BadRequestException);
  });
});

describe('ParseEnumPipe', () => {
  it('gives the value, and a numeric one for its text', () => {
    expect(new ParseEnumPipe(Sort).transform('newest')).toBe(Sort.Newest);
    expect(new ParseEnumPipe(Level).transform('5')).toBe(Level.High);
    expect(new ParseEnumPipe(Level).transform(0)).toBe(Level.Low);
  });

  it('takes the name of a member for no value', () => {
    expect(failure(new ParseEnumPipe(Sort), 'Newest')).toBeInstanceOf(BadRequestException);
    expect(failure(new ParseEnumPipe(Level), 'High')).toBeInstanceOf(BadRequestException);
  });

  it('tells a text value from the names that TypeScript adds', () => {
    expect(new ParseEnumPipe(Mixed).transform('One')).toBe(Mixed.Text);
    expect(new ParseEnumPipe({ 1: 'one', 2: 'two' } as const).transform('two')).toBe('two');
  });

  it('says at once that the enum is missing', () => {
    expect(() => new ParseEnumPipe(undefined as unknown as object)).toThrow(
      'new ParseEnumPipe(): no enum is given (got undefined). Pass the enum whose values it takes',
    );
  });
});

describe('ParseDatePipe', () => {
  it.each(['2024-02-29', '2024-01-05T10:00:00+02:00', 1_700_000_000_000, new Date(5), '+002024-02-29'])(
    'reads %s',
    value => {
      expect(new ParseDatePipe().transform(value)).toEqual(new Date(value));
    },
  );

  it.each(['2024-02-30', '2023-02-29', '2024-04-31T00:00:00Z', '1900-02-29', '0099-02-29', '2024-13-01'])(
    'refuses %s, a day that does not exist',
    value => {
      expect(failure(new ParseDatePipe(), value)).toBeInstanceOf(BadRequestException);
    },
  );

  it('says that a date is missing', () => {
    const error = failure(new ParseDatePipe(), '') as BadRequestException;
    expect(error.message).toBe('Validation failed (no Date provided)');
  });

  it('makes its default for a missing value, and for no other', () => {
    const options: ParseDatePipeOptions = { default: () => new Date(7) };
    expect(new ParseDatePipe(options).transform(undefined)).toEqual(new Date(7));
    expect(failure(new ParseDatePipe(options), 'soon')).toBeInstanceOf(BadRequestException);
  });
});

describe('DefaultValuePipe', () => {
  it.each([undefined, null, NaN])('puts its value in the place of %s', value => {
    expect(new DefaultValuePipe(3).transform(value)).toBe(3);
  });

  it.each([0, '', false, 'x'])('leaves %j as it is', value => {
    expect(new DefaultValuePipe(3).transform(value)).toBe(value);
  });

  it('gives each caller its own copy of lists and plain objects', () => {
    const pipe = new DefaultValuePipe({ tags: ['new'] });
    const first = pipe.transform(undefined) as { tags: string[] };
    first.tags.push('changed');
    expect(pipe.transform(undefined)).toEqual({ tags: ['new'] });
  });

  it('copies circles and shared parts as they are, and no instance of a class', () => {
    const shared = new Date(1);
    const circle: Record<string, unknown> = { one: shared, list: [1] };
    circle.self = circle;
    circle.again = circle.list;
    const copy = new DefaultValuePipe(circle).transform(null) as typeof circle;
    expect(copy).not.toBe(circle);
    expect(copy.self).toBe(copy);
    expect(copy.again).toBe(copy.list);
    expect(copy.list).not.toBe(circle.list);
    expect(copy.one).toBe(shared);
  });
});
