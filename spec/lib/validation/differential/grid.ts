import 'reflect-metadata';
import { isDeepStrictEqual } from 'node:util';
import { Type } from 'class-transformer';
import { IsOptional } from 'class-validator';
import type { CompilerSeams } from '../../../../lib/validation/compiler/dto-compiler.ts';
import type { ValidationOptions } from '../../../../lib/validation/validation-options.ts';
import type { Class } from '../../../../lib/validation/validator.ts';
import { type Comparison, compare, forgetClasses } from './compare.ts';
import { CASES, type Case } from './decorators.ts';
import { gridValues } from './values.ts';

export interface Variant {
  readonly each: boolean;
  readonly isOptional: boolean;
  readonly type: (() => Class) | null;
  readonly hasDefault: boolean;
  readonly reflected: unknown;
  readonly options: ValidationOptions;
}

const TYPES = [null, () => String, () => Number, () => Boolean, () => Date];
const OPTIONS: readonly ValidationOptions[] = [
  {},
  { forbidNonWhitelisted: true },
  { whitelist: false },
  { skipMissingProperties: true },
  { skipNullProperties: true, stopAtFirstError: true },
  { skipUndefinedProperties: true, dismissDefaultMessages: true },
];

export interface Grid {
  /** Every how many variants of a decorator one is taken, each time another; 1 for all of them. */
  readonly step: number;
  readonly cases?: readonly Case[];
  readonly seams?: CompilerSeams;
}

export type GridResult = Omit<Comparison, 'isCompiled' | 'reasons'> & { readonly fallen: readonly string[] };

/** Each decorator alone, in every variant, over every value. */
export function runGrid({ step, cases = CASES, seams = {} }: Grid): GridResult {
  const values = gridValues();
  const inputs = values.map(value => (value === undefined ? {} : { p: value }));
  const odd = [
    ...inputs,
    { p: undefined },
    { p: 'a', q: 1 },
    { p: 1, q: { constructor: 1 } },
    null,
    [],
    5,
    'a',
  ];
  const counts = { cases: 0, accepted: 0, missed: 0, refused: 0, unexplained: 0 };
  const total = { ...counts, differences: [] as string[], fallen: [] as string[] };
  const variants = allVariants();
  cases.forEach((one, at) => {
    for (let index = at % step; index < variants.length; index += step) {
      addComparison(total, { one, variant: variants[index] as Variant, inputs: odd, seams });
    }
  });
  const pristine = gridValues();
  if (!isDeepStrictEqual(values, pristine)) total.differences.push('a source was changed');
  return total;
}

interface Run {
  readonly one: Case;
  readonly variant: Variant;
  readonly inputs: readonly unknown[];
  readonly seams: CompilerSeams;
}

function addComparison(total: Total, { one, variant, inputs, seams }: Run): void {
  const type = classOf(one, variant);
  const result = compare({ type, options: variant.options, values: inputs }, seams);
  forgetClasses();
  total.cases += result.cases;
  total.accepted += result.accepted;
  total.missed += result.missed;
  total.refused += result.refused;
  total.unexplained += result.unexplained;
  const where = `${one.name} ${JSON.stringify(variant)} ${variant.type?.().name ?? ''}`;
  total.differences.push(...result.differences.map(difference => `${where} ${difference}`));
  if (!result.isCompiled) total.fallen.push(`${where} ${result.reasons.join()}`);
}

interface Total {
  cases: number;
  accepted: number;
  missed: number;
  refused: number;
  unexplained: number;
  differences: string[];
  fallen: string[];
}

export function allVariants(): readonly Variant[] {
  const switches = [false, true];
  return OPTIONS.flatMap(options =>
    TYPES.flatMap(type =>
      switches.flatMap(each =>
        switches.flatMap(isOptional =>
          switches.map(hasDefault => ({
            ...{ each, isOptional, type, hasDefault, options },
            reflected: [Object, each ? Array : String, Number][
              (Number(hasDefault) + TYPES.indexOf(type)) % 3
            ],
          })),
        ),
      ),
    ),
  );
}

export function classOf(
  { decorate, good }: Case,
  { each, isOptional, type, hasDefault, reflected }: Variant,
): Class {
  class Dto {
    constructor() {
      if (hasDefault) Object.assign(this, { p: each ? [good[0] ?? 'a'] : (good[0] ?? 'a') });
    }
  }
  Reflect.defineMetadata('design:type', reflected, Dto.prototype, 'p');
  if (type) Type(type)(Dto.prototype, 'p');
  decorate(each ? { each } : undefined)(Dto.prototype, 'p');
  if (isOptional) IsOptional()(Dto.prototype, 'p');
  return Dto;
}
