import { Transform, Type } from 'class-transformer';
import {
  IsInt,
  IsOptional,
  IsString,
  Max,
  MinLength,
  type ValidationError as TheirError,
  Validate,
  ValidateNested,
  type ValidationArguments,
  ValidatorConstraint,
} from 'class-validator';
import { describe, expect, it } from 'vitest';
import { isCompiledPipe } from '../../../lib/enhancers/validation-pipe.ts';
import {
  type ArgumentMetadata,
  BadRequestException,
  HttpException,
  UnprocessableEntityException,
  ValidationPipe,
  type ValidationPipeOptions,
  WsException,
} from '../../../lib/index.ts';

class Author {
  @IsString()
  name!: string;
}

class Post {
  @IsString()
  @MinLength(3)
  title!: string;

  @ValidateNested({ each: true })
  @Type(() => Author)
  @IsOptional()
  authors?: Author[];

  @IsInt({ groups: ['paid'] })
  price = 0;
}

class Page {
  @IsInt()
  @Max(10)
  number!: number;
}

const BODY: ArgumentMetadata = { type: 'body', metatype: Post };
const QUERY: ArgumentMetadata = { type: 'query', metatype: Page };

function body(options: ValidationPipeOptions, value: unknown, metadata = BODY): Promise<unknown> {
  return new ValidationPipe(options).transform(value, metadata);
}

async function failure(options: ValidationPipeOptions, value: unknown, metadata = BODY): Promise<unknown> {
  try {
    await body(options, value, metadata);
  } catch (error) {
    return error;
  }
  throw new Error('the pipe took the value');
}

describe('ValidationPipe', () => {
  it('gives an instance, without what the class does not declare', async () => {
    const post = await body({}, { title: 'first', authors: [{ name: 'Ada', role: 'x' }], isAdmin: true });
    expect(post).toBeInstanceOf(Post);
    expect(post).toEqual({ title: 'first', authors: [{ name: 'Ada' }], price: 0 });
    expect((post as Post).authors?.[0]).toBeInstanceOf(Author);
  });

  it('refuses with the issues, and without a value', async () => {
    const error = await failure({}, { title: 'no', authors: [{ name: 'Ada' }, { name: 7 }], secret: 1 });
    expect(error).toBeInstanceOf(UnprocessableEntityException);
    expect((error as HttpException).getResponse()).toEqual({
      code: 'validation_failed',
      message: 'Validation failed',
      issues: [
        { path: 'title', rule: 'minLength', message: 'title must be longer than or equal to 3 characters' },
        { path: 'authors.1.name', rule: 'isString', message: 'name must be a string' },
      ],
    });
  });

  it('reads the texts of a query, a path and cookies as the class declares', async () => {
    for (const type of ['query', 'param', 'cookies'] as const) {
      expect(await body({}, { number: '7' }, { type, metatype: Page })).toEqual({ number: 7 });
    }
    const error = await failure({}, { number: '11' }, QUERY);
    expect((error as HttpException).getResponse()).toMatchObject({
      issues: [{ path: 'number', rule: 'max' }],
    });
  });

  it('never refuses headers for those that the class does not declare', async () => {
    const headers = { number: '7', host: 'localhost' };
    const options = { forbidNonWhitelisted: true };
    expect(await body(options, headers, { type: 'headers', metatype: Page })).toEqual({ number: 7 });
    expect(await failure(options, headers, QUERY)).toBeInstanceOf(UnprocessableEntityException);
  });

  it('converts one text to the type of its parameter', async () => {
    expect(await body({}, '7', { type: 'param', metatype: Number, data: 'id' })).toBe(7);
    expect(await body({}, undefined, { type: 'query', metatype: Boolean, data: 'all' })).toBeUndefined();
    expect(await failure({}, 'x', { type: 'param', metatype: Number, data: 'id' })).toBeInstanceOf(
      HttpException,
    );
    expect(await body({ transform: false }, '7', { type: 'param', metatype: Number, data: 'id' })).toBe('7');
  });

  it('leaves alone what no class describes', async () => {
    for (const metatype of [undefined, String, Number, Boolean, Array, Object, Buffer, Uint8Array, Date]) {
      const metadata = { type: 'body', metatype } as ArgumentMetadata;
      expect(await body({}, { any: 'thing' }, metadata)).toEqual({ any: 'thing' });
    }
  });

  it('leaves alone what a custom decorator made, unless validateCustomDecorators is set', async () => {
    const metadata: ArgumentMetadata = { type: 'custom', metatype: Post };
    expect(await body({}, 'anything', metadata)).toBe('anything');
    expect(await failure({ validateCustomDecorators: true }, {}, metadata)).toBeInstanceOf(HttpException);
  });

  it('checks by expectedType whatever the type of the parameter', async () => {
    const metadata: ArgumentMetadata = { type: 'body', metatype: Object };
    expect(await body({ expectedType: Page }, { number: 1 }, metadata)).toBeInstanceOf(Page);
  });

  it('takes the rules from its options', async () => {
    const extra = { title: 'first', more: 1 };
    expect(await body({ whitelist: false }, extra)).toMatchObject({ more: 1 });
    expect(await failure({ forbidNonWhitelisted: true }, extra)).toBeInstanceOf(HttpException);
    expect(await body({ transform: false }, extra)).not.toBeInstanceOf(Post);
    expect(await body({ skipMissingProperties: true }, {})).toBeInstanceOf(Post);
    expect(await failure({ groups: ['paid'] }, { price: 'x' })).toBeInstanceOf(HttpException);
    expect(await body({ groups: ['paid'] }, { title: 1, price: 2 })).toBeInstanceOf(Post);
  });

  it('says nothing but that it failed with disableErrorMessages', async () => {
    const error = (await failure({ disableErrorMessages: true }, {})) as HttpException;
    expect(error.getResponse()).toEqual({
      code: 'validation_failed',
      message: 'Validation failed',
      issues: [],
    });
  });

  it('takes the status from errorHttpStatusCode', async () => {
    expect(await failure({ errorHttpStatusCode: 400 }, {})).toBeInstanceOf(BadRequestException);
    expect(((await failure({ errorHttpStatusCode: 429 }, {})) as HttpException).getStatus()).toBe(429);
  });

  it('hands class-validator’s tree to exceptionFactory, without values, also with disableErrorMessages', async () => {
    const exceptionFactory = (errors: TheirError[]) => new WsException(errors);
    const value = { title: 7, authors: [{ name: 7 }] };
    const error = (await failure({ exceptionFactory, disableErrorMessages: true }, value)) as WsException;
    expect(error).toBeInstanceOf(WsException);
    expect(error.getError()).toEqual([
      {
        property: 'title',
        constraints: {
          isString: 'title must be a string',
          minLength: 'title must be longer than or equal to 3 characters',
        },
        children: [],
      },
      {
        property: 'authors',
        children: [
          {
            property: '0',
            children: [
              { property: 'name', constraints: { isString: 'name must be a string' }, children: [] },
            ],
          },
        ],
      },
    ]);
  });

  it('awaits an exceptionFactory that gives a promise', async () => {
    const exceptionFactory = async () => new RangeError('later');
    expect(await failure({ exceptionFactory }, {})).toEqual(new RangeError('later'));
  });

  it('awaits a check that gives a promise', async () => {
    @ValidatorConstraint({ async: true })
    class IsFree {
      async validate(text: string): Promise<boolean> {
        return text === 'free';
      }

      defaultMessage({ property }: ValidationArguments): string {
        return `${property} is taken`;
      }
    }
    class Name {
      @Validate(IsFree)
      name!: string;
    }
    const metadata: ArgumentMetadata = { type: 'body', metatype: Name };
    expect(await body({}, { name: 'free' }, metadata)).toEqual({ name: 'free' });
    const refused = (await failure({}, { name: 'used' }, metadata)) as HttpException;
    expect(refused.getResponse()).toMatchObject({ issues: [{ path: 'name', message: 'name is taken' }] });
  });

  it('keeps what a DTO throws for the log, and no text of it for the client', async () => {
    class Broken {
      @Transform(() => {
        throw new TypeError('the secret is 42');
      })
      @IsString()
      name!: string;
    }
    const error = (await failure({}, { name: 'x' }, { type: 'body', metatype: Broken })) as HttpException;
    expect(error.cause).toEqual(new TypeError('the secret is 42'));
    expect(JSON.stringify(error.getResponse())).not.toContain('42');
  });

  it('takes NestJS’s options that have nothing to do here', async () => {
    const options: ValidationPipeOptions = {
      errorFormat: 'grouped',
      maxErrorMessagesLength: 10,
      validationError: { target: false },
      enableDebugMessages: true,
    };
    expect(await body(options, { title: 'first' })).toBeInstanceOf(Post);
    expect(new ValidationPipe(options).options).toEqual({});
  });

  it('refuses packages of one’s own', () => {
    const options = { validatorPackage: {} } as ValidationPipeOptions;
    expect(() => new ValidationPipe(options)).toThrow(
      'new ValidationPipe() option "validatorPackage": DTOs are compiled from what class-validator and class-transformer recorded. Install these two and leave the option out',
    );
  });

  it('refuses a misspelt option, and names the one that was meant', () => {
    const options = { whiteList: true } as ValidationPipeOptions;
    expect(() => new ValidationPipe(options)).toThrow(
      /^new ValidationPipe\(\): there is no option "whiteList"\. Did you mean "whitelist"\? The options are whitelist, /,
    );
  });
});

describe('what a route reads of a ValidationPipe', () => {
  it('is how a DTO is checked, and nothing of what is thrown', () => {
    const pipe = new ValidationPipe({ whitelist: false, errorHttpStatusCode: 400, expectedType: Page });
    expect(pipe.options).toEqual({ whitelist: false });
    expect(pipe.typeOf(BODY)).toBe(Page);
    expect(pipe.typeOf({ type: 'custom', metatype: Post })).toBeUndefined();
    expect(new ValidationPipe().typeOf(BODY)).toBe(Post);
  });

  it('tells a subclass with a transform() of its own', () => {
    class Quiet extends ValidationPipe {}
    class Own extends ValidationPipe {
      override async transform(value: unknown): Promise<unknown> {
        return value;
      }
    }
    expect(isCompiledPipe(new ValidationPipe())).toBe(true);
    expect(isCompiledPipe(new Quiet())).toBe(true);
    expect(isCompiledPipe(new Own())).toBe(false);
    expect(isCompiledPipe({ transform: () => 1 })).toBe(false);
  });
});
