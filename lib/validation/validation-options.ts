import type { ClassTransformOptions } from 'class-transformer';
import type { ValidatorOptions } from 'class-validator';

/** How DTOs are checked, by the names of NestJS's `ValidationPipe`. A Standard Schema brings its own rules. */
export interface ValidationOptions {
  /** Removes properties that no validation decorator names, before anything looks at them. Default `true`. */
  readonly whitelist?: boolean;
  /** With `whitelist`, makes each unknown property an issue instead. Default `false`. */
  readonly forbidNonWhitelisted?: boolean;
  /** Refuses objects of a class without any validation decorator. Default `true`. */
  readonly forbidUnknownValues?: boolean;
  /** Hands over instances of the DTO class; `false` hands over the checked plain value. Default `true`. */
  readonly transform?: boolean;
  /** class-transformer's own options, for both directions. Default: none. */
  readonly transformOptions?: ClassTransformOptions;
  /** Runs only the decorators of these groups. Default: none given, and every decorator runs. */
  readonly groups?: readonly string[];
  /** Runs decorators that have no group even when `groups` are given. Default `false`. */
  readonly always?: boolean;
  /** Without `groups`, skips the decorators that have one. Default `false`. */
  readonly strictGroups?: boolean;
  /** Skips the checks of properties that are `undefined` or `null`, but for `@IsDefined()`. Default `false`. */
  readonly skipMissingProperties?: boolean;
  /** Skips the checks of properties that are `null`, but for `@IsDefined()`. Default `false`. */
  readonly skipNullProperties?: boolean;
  /** Skips the checks of properties that are `undefined`, but for `@IsDefined()`. Default `false`. */
  readonly skipUndefinedProperties?: boolean;
  /** Reports the first failed check of each property only. Default `false`. */
  readonly stopAtFirstError?: boolean;
  /** Leaves class-validator's own texts out: an issue without a message of yours says `is not valid`. Default `false`. */
  readonly dismissDefaultMessages?: boolean;
  /** Answers a failed check with no issues at all: the client learns that it failed, not why. Default `false`. */
  readonly disableErrorMessages?: boolean;
  /**
   * DTO classes are compiled into code at start where that is possible. `require` makes it a configuration error
   * where it is not; `off` leaves every value to class-validator and class-transformer. Default `auto`.
   */
  readonly compile?: CompileMode;
}

const NAMES: { readonly [Name in keyof Required<ValidationOptions>]: true } = {
  whitelist: true,
  forbidNonWhitelisted: true,
  forbidUnknownValues: true,
  transform: true,
  transformOptions: true,
  groups: true,
  always: true,
  strictGroups: true,
  skipMissingProperties: true,
  skipNullProperties: true,
  skipUndefinedProperties: true,
  stopAtFirstError: true,
  dismissDefaultMessages: true,
  disableErrorMessages: true,
  compile: true,
};

/** The names of all options. */
export const VALIDATION_OPTIONS: readonly string[] = Object.keys(NAMES);

export type CompileMode = 'auto' | 'require' | 'off';

/** What becomes of a property that the DTO does not declare. */
export type UnknownProperties = 'strip' | 'forbid' | 'keep';

/** The options with their defaults, split by who reads them. */
export interface ResolvedOptions {
  readonly unknown: UnknownProperties;
  readonly transform: boolean;
  readonly isTerse: boolean;
  readonly compile: CompileMode;
  readonly validator: ValidatorOptions;
  readonly transformer: ClassTransformOptions;
}

export function resolveOptions(options: ValidationOptions): ResolvedOptions {
  const { transform = true, transformOptions = {}, disableErrorMessages = false, ...validation } = options;
  const { compile = 'auto', groups, ...rest } = validation;
  const whitelist = options.whitelist ?? true;
  return {
    unknown: unknownProperties(whitelist, options.forbidNonWhitelisted ?? false),
    transform,
    isTerse: disableErrorMessages,
    compile,
    validator: { ...rest, whitelist, ...(groups && { groups: [...groups] }) },
    transformer: transformOptions,
  };
}

function unknownProperties(whitelist: boolean, isForbidden: boolean): UnknownProperties {
  if (!whitelist) return 'keep';
  return isForbidden ? 'forbid' : 'strip';
}
