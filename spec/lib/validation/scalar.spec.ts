import { describe, expect, it } from 'vitest';
import { Invalid } from '../../../lib/errors.ts';
import { Validation } from '../../../lib/validation/validation.ts';

const validation = new Validation();
const invalid = (path: string, rule: string, message: string) => new Invalid([{ path, rule, message }]);

describe('Validation.scalar', () => {
  it('reads one text by the type of the parameter', () => {
    expect(validation.scalar(String, 'q').validate('5')).toBe('5');
    expect(validation.scalar(Number, 'q').validate('5')).toBe(5);
    expect(validation.scalar(Boolean, 'q').validate('false')).toBe(false);
    expect(validation.scalar(Date, 'q').validate('2024-01-01')).toEqual(new Date('2024-01-01'));
    expect(validation.scalar(Array, 'q').validate('a')).toEqual(['a']);
    expect(validation.scalar(Array, 'q').validate(['a', 'b'])).toEqual(['a', 'b']);
  });

  it('leaves an absent text absent', () => {
    for (const type of [String, Number, Boolean, Date, Array] as const) {
      expect(validation.scalar(type, 'q').validate(undefined)).toBeUndefined();
    }
  });

  it('names the key of what it cannot read', () => {
    expect(validation.scalar(Number, 'page').validate('abc')).toEqual(
      invalid('page', 'isNumber', 'must be a number'),
    );
    expect(validation.scalar(Boolean, 'on').validate('')).toEqual(
      invalid('on', 'isBoolean', 'must be a boolean'),
    );
    expect(validation.scalar(Date, 'at').validate('x')).toEqual(
      invalid('at', 'isDate', 'must be an ISO 8601 date'),
    );
    expect(validation.scalar(String, 'q').validate(['a', 'b'])).toEqual(
      invalid('q', 'isString', 'must be given once'),
    );
  });

  it('takes what a hook put in place of the text, of the right type only', () => {
    expect(validation.scalar(Number, 'q').validate(5)).toBe(5);
    expect(validation.scalar(Date, 'q').validate(new Date(5))).toEqual(new Date(5));
    expect(validation.scalar(Number, 'q').validate({})).toEqual(invalid('q', 'isNumber', 'must be a number'));
    expect(validation.scalar(Array, 'q').validate(5)).toEqual(invalid('q', 'isArray', 'must be an array'));
  });

  it('says nothing when the options say so', () => {
    expect(new Validation({ disableErrorMessages: true }).scalar(Number, 'page').validate('x')).toEqual(
      new Invalid([]),
    );
  });
});

describe('Validation.jsonScalar', () => {
  it('takes a value of that type, and converts none', () => {
    expect(validation.jsonScalar(String, 'a').validate('')).toBe('');
    expect(validation.jsonScalar(Number, 'a').validate(0)).toBe(0);
    expect(validation.jsonScalar(Boolean, 'a').validate(false)).toBe(false);
    expect(validation.jsonScalar(Number, 'a').validate('5')).toEqual(
      invalid('a', 'isNumber', 'must be a number'),
    );
    expect(validation.jsonScalar(Boolean, 'a').validate(1)).toEqual(
      invalid('a', 'isBoolean', 'must be a boolean'),
    );
    for (const value of [undefined, null, 5, {}, ['a']]) {
      expect(validation.jsonScalar(String, 'a').validate(value)).toEqual(
        invalid('a', 'isString', 'must be a string'),
      );
    }
  });
});
