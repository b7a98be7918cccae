import { Invalid } from '../errors.ts';
import type { Type } from '../injection/token.ts';
import type { ValidationOptions } from '../validation/validation.ts';
import { ArgumentChecks } from './argument-checks.ts';
import { httpExceptionOf } from './http-exception-of.ts';
import type { ArgumentMetadata, PipeTransform } from './pipe-transform.ts';
import { validationErrorsOf } from './validation-errors.ts';
import { checkedOptions, type ValidationPipeOptions } from './validation-pipe-options.ts';

/**
 * Says how the DTOs it covers are checked: in the place of the application's `validation` options, not on top of
 * them. A route compiles the check at start; `transform()` is for calls of your own.
 *
 * @example
 * ```ts
 * app.useGlobalPipes(new ValidationPipe({ forbidNonWhitelisted: true }));
 * ```
 */
export class ValidationPipe implements PipeTransform {
  /** How a DTO is checked. */
  readonly options: ValidationOptions;
  readonly #own: ValidationPipeOptions;
  readonly #checks: ArgumentChecks;

  /** @throws TypeError for an option that there is not. */
  constructor(options: ValidationPipeOptions = {}) {
    this.options = checkedOptions('new ValidationPipe()', options);
    this.#own = options;
    this.#checks = new ArgumentChecks(this.options);
  }

  /** Whether it has an exception of its own for what fails. */
  get hasOwnException(): boolean {
    return this.#own.exceptionFactory !== undefined || this.#own.errorHttpStatusCode !== undefined;
  }

  /** The class by which an argument is checked; `undefined` for one that this pipe leaves alone. */
  typeOf({ type, metatype }: ArgumentMetadata): Type | undefined {
    if (type === 'custom' && !this.#own.validateCustomDecorators) return undefined;
    return this.#own.expectedType ?? metatype;
  }

  /** Gives the checked value: an instance of its class, unless `transform` is `false`. */
  // biome-ignore lint/suspicious/noExplicitAny: the metatype, not the signature, says what it gives
  async transform(value: unknown, metadata: ArgumentMetadata): Promise<any> {
    const type = this.typeOf(metadata);
    const check = type === undefined ? null : await this.#checks.of(type, metadata);
    if (check === null) return value;
    const result = await check.validate(value);
    if (result instanceof Invalid) throw await this.exceptionOf(result);
    return result;
  }

  /** What is thrown for a value that failed: by `exceptionFactory`, else an exception with the issues. */
  exceptionOf({ issues, cause }: Invalid): unknown {
    const { exceptionFactory, errorHttpStatusCode = 422 } = this.#own;
    if (exceptionFactory) return exceptionFactory(validationErrorsOf(issues));
    const response = { code: 'validation_failed', message: 'Validation failed', issues };
    return httpExceptionOf(errorHttpStatusCode, response, cause === undefined ? {} : { cause });
  }
}

/** Whether a route can compile a pipe: a subclass with a `transform()` of its own is a pipe like any other. */
export function isCompiledPipe(pipe: unknown): pipe is ValidationPipe {
  return pipe instanceof ValidationPipe && pipe.transform === ValidationPipe.prototype.transform;
}
