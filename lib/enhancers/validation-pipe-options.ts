import { nearestNames } from '../injection/nearest-names.ts';
import type { Type } from '../injection/token.ts';
import { VALIDATION_OPTIONS, type ValidationOptions } from '../validation/validation.ts';
import type { ValidationError } from './validation-errors.ts';

/**
 * The options of NestJS's `ValidationPipe`: those of `ValidationOptions`, with the defaults that they have there, and
 * what is the pipe's own.
 */
export interface ValidationPipeOptions extends ValidationOptions {
  /** The status of a refused upgrade, and the class of the exception. Default `422`. */
  readonly errorHttpStatusCode?: number | undefined;
  /** Makes what is thrown. It gets the failures that a client may see, ten at most, without the values. */
  readonly exceptionFactory?: ((errors: ValidationError[]) => unknown) | undefined;
  /** Checks arguments that a `createParamDecorator()` made, too. Default `false`. */
  readonly validateCustomDecorators?: boolean | undefined;
  /** Checks every argument by this class, whatever its type. */
  readonly expectedType?: Type | undefined;
  /** Has no effect: a client gets issues, each with its path. */
  readonly errorFormat?: 'list' | 'grouped' | undefined;
  /** Has no effect: a client gets ten issues and 3 KiB of them at most. */
  readonly maxErrorMessagesLength?: number | undefined;
  /** Has no effect: neither the object nor the value is part of an error. */
  readonly validationError?: { readonly target?: boolean; readonly value?: boolean } | undefined;
  /** Has no effect: what a DTO lacks is reported at start. */
  readonly enableDebugMessages?: boolean | undefined;
}

const OWN: { readonly [Name in Exclude<keyof ValidationPipeOptions, keyof ValidationOptions>]: true } = {
  errorHttpStatusCode: true,
  exceptionFactory: true,
  validateCustomDecorators: true,
  expectedType: true,
  errorFormat: true,
  maxErrorMessagesLength: true,
  validationError: true,
  enableDebugMessages: true,
};

/** NestJS's, which name other packages than class-validator and class-transformer. */
const REFUSED: readonly string[] = ['validatorPackage', 'transformerPackage'];

/**
 * What of a pipe's options says how a DTO is checked. `others` are options that the pipe has besides.
 *
 * @throws TypeError for an option that there is not.
 */
export function checkedOptions(
  where: string,
  options: ValidationPipeOptions,
  others: readonly string[] = [],
): ValidationOptions {
  const known = [...others, ...VALIDATION_OPTIONS, ...Object.keys(OWN)];
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  for (const [name] of given) if (!known.includes(name)) throw unknownOption(where, name, known);
  const rules = Object.fromEntries(given.filter(([name]) => VALIDATION_OPTIONS.includes(name)));
  // An exception factory of the user's decides itself what to tell.
  return options.exceptionFactory ? { ...rules, disableErrorMessages: false } : rules;
}

function unknownOption(where: string, name: string, known: readonly string[]): TypeError {
  if (REFUSED.includes(name)) {
    return new TypeError(
      `${where} option "${name}": DTOs are compiled from what class-validator and class-transformer recorded. Install these two and leave the option out`,
    );
  }
  const [nearest] = nearestNames(name, known);
  const hint = nearest === undefined ? '' : `Did you mean "${nearest}"? `;
  return new TypeError(`${where}: there is no option "${name}". ${hint}The options are ${known.join(', ')}`);
}
