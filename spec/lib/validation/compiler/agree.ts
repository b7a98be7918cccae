import { expect } from 'vitest';
import type { ValidationOptions } from '../../../../lib/validation/validation.ts';
import { type Comparison, compare } from '../differential/compare.ts';

type Dto = new () => object;

/** Checks the values by both ways; the class must have been compiled. */
export function agree(type: Dto, values: readonly unknown[], options: ValidationOptions = {}): Comparison {
  const result = compare({ type, options, values });
  expect(result.differences).toEqual([]);
  expect(result.reasons).toEqual([]);
  return result;
}
