import type { Mistake } from '../errors.ts';
import { VALIDATION_OPTIONS } from '../validation/validation.ts';
import { OPTION_RULES, type OptionRule, wholeNumber } from './option-rules.ts';
import { checkOptions } from './resolve-options.ts';
import { unknownOption } from './unknown-option.ts';

/** What is looked at of options here. */
interface CheckedOptions {
  readonly validation?: object;
  readonly close?: unknown;
  readonly onFatal?: unknown;
  readonly tracing?: unknown;
  readonly startTimeout?: unknown;
}

/** What `createApplication()` itself goes by, with its defaults. */
export interface StartOptions {
  readonly startTimeout: number;
}

/** Reports options of `createApplication()` that nobody reads: a misspelt one would keep its default silently. */
export function checkApplicationOptions(
  options: CheckedOptions,
  known: readonly string[],
  mistakes: Mistake[],
): StartOptions {
  for (const name of unknownNames(options, known)) {
    mistakes.push(
      Object.hasOwn(OPTION_RULES, name)
        ? optionOfRoutes(name)
        : unknownOption('createApplication()', name, known),
    );
  }
  for (const name of unknownNames(options.validation ?? {}, VALIDATION_OPTIONS)) {
    mistakes.push(unknownOption('createApplication() option "validation"', name, VALIDATION_OPTIONS));
  }
  const { close, onFatal, startTimeout, tracing } = options;
  const own = { where: 'createApplication()', options: { onFatal, startTimeout, tracing } };
  const start = checkOptions(OWN_RULES, own, mistakes);
  checkOptions(CLOSE_RULES, { where: 'createApplication() option "close"', options: close ?? {} }, mistakes);
  const where = 'createApplication() option "tracing"';
  if (typeof tracing === 'object') checkOptions(TRACING_RULES, { where, options: tracing ?? {} }, mistakes);
  return { startTimeout: 60, ...start };
}

const MILLISECONDS: OptionRule = [
  'a number of milliseconds, 0 or more',
  value => typeof value === 'number' && value >= 0,
];
const TRUE_OR_FALSE: OptionRule = ['true or false', value => typeof value === 'boolean'];
const CLOSE_RULES = { timeout: MILLISECONDS, drainMs: MILLISECONDS };
const TRACING_RULES = { publicEndpoint: TRUE_OR_FALSE };
const OWN_RULES: Readonly<Record<string, OptionRule>> = {
  startTimeout: wholeNumber(0, 3600, 'of seconds '),
  onFatal: [
    `'exit', 'log', false or a function`,
    value => value === 'exit' || value === 'log' || value === false || typeof value === 'function',
  ],
  tracing: [
    'true, false or { publicEndpoint }',
    value => typeof value === 'boolean' || (typeof value === 'object' && value !== null),
  ],
};

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
