import type { Mistake } from '../errors.ts';
import type { ValidationOptions } from '../validation/validation.ts';
import { OPTION_RULES } from './option-rules.ts';
import { unknownOption } from './unknown-option.ts';

const VALIDATION: { readonly [Name in keyof Required<ValidationOptions>]: true } = {
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

/** Reports options of `createApplication()` that nobody reads: a misspelt one would keep its default silently. */
export function checkApplicationOptions(
  options: { readonly validation?: object },
  known: readonly string[],
  mistakes: Mistake[],
): void {
  for (const name of unknownNames(options, known)) {
    mistakes.push(
      Object.hasOwn(OPTION_RULES, name)
        ? optionOfRoutes(name)
        : unknownOption('createApplication()', name, known),
    );
  }
  const names = Object.keys(VALIDATION);
  for (const name of unknownNames(options.validation ?? {}, names)) {
    mistakes.push(unknownOption('createApplication() option "validation"', name, names));
  }
}

function unknownNames(options: object, known: readonly string[]): string[] {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return given.map(([name]) => name).filter(name => !known.includes(name));
}

function optionOfRoutes(name: string): Mistake {
  return {
    code: 'GATEWIRE_UNKNOWN_OPTION',
    where: 'createApplication()',
    what: `"${name}" is an option of routes`,
    fix: 'Put it into "websocket", for every route, or into the @WebSocketRoute() of one',
  };
}
