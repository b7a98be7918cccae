import { plainToInstance } from 'class-transformer';
import { type ValidationError, validate } from 'class-validator';
import { expect } from 'vitest';
import { Invalid } from '../../../lib/errors.ts';
import { Validation, type ValidationOptions } from '../../../lib/validation/validation.ts';
import { compare } from './differential/compare.ts';

type Dto = new () => object;

interface Example {
  readonly options?: ValidationOptions;
  /** Left to the libraries, for this reason. */
  readonly falls?: string;
}

/** By value: nothing where it passes, else what fails, as `path rule`. */
type Outcomes = readonly (readonly [value: object, ...failures: string[]])[];

/**
 * An example of class-validator's README: class-validator itself, the libraries behind Gatewire and compiled code have to
 * give the same, and that is what the README says.
 */
export async function example(
  type: Dto,
  outcomes: Outcomes,
  { options = {}, falls }: Example = {},
): Promise<void> {
  const values = outcomes.map(([value]) => value);
  expect(compare({ type, options, values }).differences).toEqual([]);
  const validation = new Validation(options);
  await validation.load();
  const validator = validation.json(type);
  for (const [value, ...failures] of outcomes) {
    const instance = plainToInstance(type, structuredClone(value));
    const errors = await validate(instance, { whitelist: true, ...options } as never);
    expect(failuresOf(errors)).toEqual([...failures].sort());
    const result = await validator.validate(value);
    if (!(result instanceof Invalid)) expect(result).toEqual(instance);
    expect(
      result instanceof Invalid ? result.issues.map(({ path, rule }) => `${path} ${rule}`).sort() : [],
    ).toEqual([...failures].sort());
  }
  expect(validation.report()[0]?.reasons).toEqual(falls === undefined ? [] : [falls]);
}

/** The texts of what fails, by rule. */
export async function textsOf(type: Dto, value: object): Promise<Record<string, string>> {
  const validation = new Validation();
  await validation.load();
  const result = await validation.json(type).validate(value);
  if (!(result instanceof Invalid)) throw new Error('the value was accepted');
  return Object.fromEntries(result.issues.map(({ rule, message }) => [rule, message]));
}

function failuresOf(errors: readonly ValidationError[], parent = ''): string[] {
  return errors
    .flatMap(({ property, constraints = {}, children = [] }) => [
      ...Object.keys(constraints).map(rule => `${parent}${property} ${rule}`),
      ...failuresOf(children, `${parent}${property}.`),
    ])
    .sort();
}
