import { describe, expect, it } from 'vitest';
import { HttpException } from '../../../lib/enhancers/http-exception.ts';
import * as exceptions from '../../../lib/enhancers/http-exceptions.ts';
import { describeError } from '../../../lib/enhancers/wire-error.ts';
import { WsException } from '../../../lib/enhancers/ws-exception.ts';

const INTERNAL = {
  status: 500,
  error: { code: 'internal', message: 'Internal server error' },
  isExpected: false,
};

describe('an HttpException', () => {
  it.each([
    [400, 'bad_request'],
    [401, 'unauthenticated'],
    [402, 'bad_request'],
    [403, 'forbidden'],
    [404, 'not_found'],
    [405, 'method_not_allowed'],
    [408, 'timeout'],
    [409, 'conflict'],
    [410, 'gone'],
    [413, 'too_large'],
    [422, 'validation_failed'],
    [426, 'upgrade_required'],
    [429, 'rate_limited'],
    [500, 'internal'],
    [502, 'internal'],
    [503, 'unavailable'],
    [504, 'timeout'],
  ])('of status %i says %s', (status, code) => {
    expect(describeError(new HttpException('said', status))).toEqual({
      status,
      error: { code, message: 'said' },
      isExpected: status < 500,
    });
  });

  it('says its own code, message and issues', () => {
    const issues = [{ path: 'name', rule: 'isFree', message: 'taken' }];
    const thrown = new exceptions.ConflictException({ code: 'name_taken', message: 'taken', issues });
    expect(describeError(thrown)).toEqual({
      status: 409,
      error: { code: 'name_taken', message: 'taken', issues },
      isExpected: true,
    });
  });

  it.each(Object.entries(exceptions))('%s has a message by itself', (_name, Exception) => {
    const { status, error } = describeError(new Exception());
    expect(error.message).toMatch(/^[A-Z]/);
    expect(status).toBe(new Exception().getStatus());
  });

  it('is told by its shape, as one of @nestjs/common is', () => {
    class Foreign extends Error {
      getStatus = () => 403;
      getResponse = () => ({ statusCode: 403, message: 'Forbidden resource', error: 'Forbidden' });
    }
    expect(describeError(new Foreign())).toEqual({
      status: 403,
      error: { code: 'forbidden', message: 'Forbidden resource' },
      isExpected: true,
    });
  });
});

describe('what is shaped like an HttpException', () => {
  it.each([0, 101, 600, 1000, Number.NaN, '401'])('but has the status %s is the server’s fault', status => {
    const thrown = Object.assign(new Error('odd'), { getStatus: () => status, getResponse: () => 'odd' });
    expect(describeError(thrown)).toMatchObject({ status: 500, error: { code: 'internal' } });
  });
});

describe('a WsException', () => {
  it.each([
    [new WsException('no'), 400, 'error'],
    [new WsException('no', 'no_seat'), 400, 'no_seat'],
    [new WsException('no', 'unauthenticated'), 401, 'unauthenticated'],
    [new WsException({ message: 'no', code: 'rate_limited' }), 429, 'rate_limited'],
  ])('%s has a status by its code', (thrown, status, code) => {
    expect(describeError(thrown)).toEqual({ status, error: { code, message: 'no' }, isExpected: true });
  });
});

describe('anything else that is thrown', () => {
  const hostile = new HttpException('said', 400);
  hostile.getResponse = (): never => {
    throw new Error('secret');
  };
  const shape: object = { getStatus: () => 400, getResponse: () => 'secret' };

  it.each([[new Error('secret')], ['secret'], [undefined], [null], [shape], [hostile]])(
    'is internal, without its text (%#)',
    thrown => {
      expect(describeError(thrown)).toEqual(INTERNAL);
    },
  );
});

describe('the errors of class-validator, as an exceptionFactory passes them on', () => {
  const errors = [
    {
      property: 'title',
      value: 'secret',
      target: { title: 'secret' },
      constraints: { minLength: 'too short' },
    },
    {
      property: 'authors',
      value: ['secret'],
      children: [{ property: '0', children: [{ property: 'name', constraints: { isString: 'no text' } }] }],
    },
  ];
  const issues = [
    { path: 'title', rule: 'minLength', message: 'too short' },
    { path: 'authors.0.name', rule: 'isString', message: 'no text' },
  ];
  const error = { code: 'validation_failed', message: 'Validation failed', issues };

  it('are issues in a WsException, without the values', () => {
    expect(describeError(new WsException(errors))).toEqual({ status: 422, error, isExpected: true });
    expect(new WsException(errors).code).toBe('validation_failed');
  });

  it('keep a code of one’s own', () => {
    expect(describeError(new WsException(errors, 'bad_post')).error).toEqual({ ...error, code: 'bad_post' });
  });

  it('are issues in an HttpException, with its status', () => {
    const described = { status: 400, error, isExpected: true };
    expect(describeError(new exceptions.BadRequestException(errors))).toEqual(described);
    expect(describeError(new exceptions.BadRequestException({ message: errors }))).toEqual(described);
    const coded = new exceptions.BadRequestException({ message: errors, code: 'bad_post' });
    expect(describeError(coded).error.code).toBe('bad_post');
  });

  it('are issues in a WsException of @nestjs/websockets, which has no code', () => {
    class Foreign extends Error {
      getError = () => errors;
    }
    expect(describeError(new Foreign()).error).toEqual(error);
  });

  it('are cut to what a client may see', () => {
    const many = Array.from({ length: 50 }, (_, at) => ({
      property: `p${at}`,
      constraints: { isInt: 'no' },
    }));
    expect(describeError(new WsException(many)).error.issues).toHaveLength(10);
  });

  it('may be texts, as the ValidationPipe of @nestjs/common throws them', () => {
    const thrown = new exceptions.BadRequestException({ statusCode: 400, message: ['a is bad', 'b is bad'] });
    expect(describeError(thrown).error).toEqual({ code: 'bad_request', message: 'a is bad, b is bad' });
  });

  it('say nothing where a list is of something else', () => {
    expect(describeError(new WsException([{ secret: 1 }])).error).toEqual({
      code: 'validation_failed',
      message: '',
    });
    expect(describeError(new exceptions.BadRequestException([])).error.message).toBe('Bad Request');
  });
});
