import { IsInt, IsString } from 'class-validator';
import { describe, expect, it } from 'vitest';
import {
  BadRequestException,
  HttpException,
  NotAcceptableException,
  ParseArrayPipe,
  type ParseArrayPipeOptions,
} from '../../../lib/index.ts';

class Item {
  @IsInt()
  id!: number;

  @IsString()
  name = 'unnamed';
}

const QUERY = { type: 'query', data: 'ids' } as const;

async function read(options: ParseArrayPipeOptions, value: unknown): Promise<unknown> {
  return new ParseArrayPipe(options).transform(value, QUERY);
}

async function failure(options: ParseArrayPipeOptions, value: unknown): Promise<unknown> {
  try {
    await read(options, value);
  } catch (error) {
    return error;
  }
  throw new Error('the pipe took the value');
}

async function responseTo(options: ParseArrayPipeOptions, value: unknown): Promise<unknown> {
  return ((await failure(options, value)) as HttpException).getResponse();
}

describe('ParseArrayPipe', () => {
  it('splits a text, and takes a list', async () => {
    expect(await read({}, ' a,b ')).toEqual(['a', 'b']);
    expect(await read({ separator: '|' }, 'a|b,c')).toEqual(['a', 'b,c']);
    expect(await read({}, ['a', 1])).toEqual(['a', 1]);
  });

  it('gives a list at once where nothing has to be awaited', () => {
    expect(new ParseArrayPipe({ items: Number }).transform('1,2')).toEqual([1, 2]);
  });

  it('reads items as primitives', async () => {
    expect(await read({ items: Number }, '1,-2.5,1e3')).toEqual([1, -2.5, 1000]);
    expect(await read({ items: Boolean }, 'true,false')).toEqual([true, false]);
    expect(await read({ items: String }, ['1', 2, true])).toEqual(['1', '2', 'true']);
    expect(await read({ items: Number }, [1, '2'])).toEqual([1, 2]);
  });

  it.each([
    [Number, ['x', '', ' ', '0x10', 'true', 'null', true, null, [2], {}, Infinity], 'item must be a number'],
    [Boolean, ['yes', '1', 1, 0, null, 'TRUE', ''], 'item must be a boolean value'],
  ])('refuses what is no %o', async (items, values, text) => {
    for (const value of values) {
      const error = (await failure({ items }, [value])) as HttpException;
      expect(error).toBeInstanceOf(BadRequestException);
      expect(error.message).toBe(`[0] ${text}`);
    }
  });

  it('refuses what is no list', async () => {
    for (const value of [undefined, null, 7, true, {}]) {
      expect(await responseTo({}, value)).toEqual({
        code: 'validation_failed',
        message: 'Validation failed (parsable array expected)',
        issues: [{ path: 'ids', rule: 'isArray', message: 'parsable array expected' }],
      });
    }
  });

  it('lets a missing value through where it is optional', async () => {
    expect(await read({ optional: true }, undefined)).toBeUndefined();
    expect(await read({ optional: true }, null)).toBeNull();
  });

  it('reports the first item that failed', async () => {
    expect(await responseTo({ items: Number }, '1,x,y')).toEqual({
      code: 'validation_failed',
      message: '[1] item must be a number',
      issues: [{ path: 'ids.1', rule: 'isNumber', message: 'item must be a number' }],
    });
  });

  it('reports every item that failed with stopAtFirstError: false', async () => {
    expect(await responseTo({ items: Number, stopAtFirstError: false }, 'x,1,y')).toEqual({
      code: 'validation_failed',
      message: 'Validation failed',
      issues: [
        { path: 'ids.0', rule: 'isNumber', message: 'item must be a number' },
        { path: 'ids.2', rule: 'isNumber', message: 'item must be a number' },
      ],
    });
  });

  it('tells a client of ten issues, however many items failed', async () => {
    const text = 'x,'.repeat(5000);
    const { issues } = (await responseTo({ items: Number, stopAtFirstError: false }, text)) as {
      issues: unknown[];
    };
    expect(issues).toHaveLength(10);
    expect(issues.at(-1)).toEqual({ path: '', rule: 'truncated', message: 'and 4992 more' });
  });

  it('makes instances of a DTO class, from a list or from JSON in a text', async () => {
    const items = await read({ items: Item }, [{ id: 1, other: 2 }, '{"id":2}']);
    expect(items).toEqual([
      { id: 1, name: 'unnamed' },
      { id: 2, name: 'unnamed' },
    ]);
    expect((items as unknown[]).every(item => item instanceof Item)).toBe(true);
    expect(await read({ items: Item, separator: ';' }, '{"id":3};{"id":4}')).toMatchObject([
      { id: 3 },
      { id: 4 },
    ]);
  });

  it('reports the properties of the first instance that failed, or of all', async () => {
    const list = [{ id: 1 }, { id: 'x', name: 7 }, { id: 'y' }];
    expect(await responseTo({ items: Item }, list)).toMatchObject({
      issues: [{ path: 'ids.1.id' }, { path: 'ids.1.name' }],
    });
    expect(await responseTo({ items: Item, stopAtFirstError: false }, list)).toMatchObject({
      issues: [{ path: 'ids.1.id' }, { path: 'ids.1.name' }, { path: 'ids.2.id' }],
    });
  });

  it('checks instances by the options of ValidationPipe', async () => {
    expect(await failure({ items: Item, forbidNonWhitelisted: true }, [{ id: 1, other: 2 }])).toBeInstanceOf(
      BadRequestException,
    );
    expect(await responseTo({ items: Item, disableErrorMessages: true }, [{}])).toMatchObject({ issues: [] });
  });

  it('hands the text to exceptionFactory, or the texts where there are several', async () => {
    const exceptionFactory = (said: string | string[]) => new RangeError(JSON.stringify(said));
    expect(await failure({ exceptionFactory }, 7)).toEqual(
      new RangeError('"Validation failed (parsable array expected)"'),
    );
    expect(await failure({ items: Number, exceptionFactory }, 'x,y')).toEqual(
      new RangeError('"[0] item must be a number"'),
    );
    const all = { items: Item, exceptionFactory, stopAtFirstError: false };
    expect(await failure(all, [{ id: 'x', name: 7 }])).toEqual(
      new RangeError('["[0] id must be an integer number","[0] name must be a string"]'),
    );
  });

  it('takes the status from errorHttpStatusCode', async () => {
    for (const value of [7, 'x']) {
      expect(await failure({ items: Number, errorHttpStatusCode: 406 }, value)).toBeInstanceOf(
        NotAcceptableException,
      );
    }
  });

  it('refuses a misspelt option', () => {
    expect(() => new ParseArrayPipe({ seperator: ';' } as ParseArrayPipeOptions)).toThrow(
      'new ParseArrayPipe(): there is no option "seperator". Did you mean "separator"?',
    );
  });
});
