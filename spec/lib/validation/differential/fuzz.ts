import fc from 'fast-check';
import type { CompilerSeams } from '../../../../lib/validation/compiler/dto-compiler.ts';
import type { ValidationOptions } from '../../../../lib/validation/validation-options.ts';
import { compare, forgetClasses } from './compare.ts';
import { classes, makeClasses } from './random-class.ts';
import { RandomValues } from './random-value.ts';

const flag = fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, fc.boolean());

const transformOptions = fc.record(
  {
    excludeExtraneousValues: fc.boolean(),
    strategy: fc.constantFrom('excludeAll', 'exposeAll'),
    groups: fc.constantFrom(['x'], ['y', 'z'], []),
    version: fc.constantFrom(1, 2),
    exposeDefaultValues: fc.boolean(),
    exposeUnsetFields: fc.boolean(),
    enableImplicitConversion: flag,
  },
  { requiredKeys: [] },
);

export const options = fc.record({
  whitelist: fc.oneof({ weight: 2, arbitrary: fc.constant(true) }, fc.boolean()),
  forbidNonWhitelisted: flag,
  forbidUnknownValues: fc.oneof({ weight: 4, arbitrary: fc.constant(true) }, fc.boolean()),
  transform: fc.oneof({ weight: 6, arbitrary: fc.constant(true) }, fc.boolean()),
  groups: fc.oneof({ weight: 5, arbitrary: fc.constant(undefined) }, fc.constantFrom(['x'], ['x', 'y'], [])),
  always: flag,
  strictGroups: flag,
  skipMissingProperties: flag,
  skipNullProperties: flag,
  skipUndefinedProperties: flag,
  stopAtFirstError: flag,
  dismissDefaultMessages: flag,
  transformOptions: fc.oneof({ weight: 5, arbitrary: fc.constant({}) }, transformOptions),
});

export interface Fuzz {
  readonly seed: number;
  readonly runs: number;
  readonly valuesPerClass?: number;
  readonly isText?: boolean;
  readonly seams?: CompilerSeams;
  /** Whether a failure is made as small as possible first, which takes its time. */
  readonly shrinks?: boolean;
}

/** Random classes, options and values; throws with the smallest that shows a difference. Gives what was covered. */
export function runFuzz({
  seed,
  runs,
  valuesPerClass = 30,
  isText = false,
  seams = {},
  shrinks = true,
}: Fuzz) {
  const total = {
    compiled: 0,
    fallen: 0,
    cases: 0,
    accepted: 0,
    missed: 0,
    refused: 0,
    unexplained: 0,
    reasons: new Map<string, number>(),
  };
  const check = fc.property(classes, options, fc.gen(), (models, { groups, ...rest }, draw) => {
    const types = makeClasses(models);
    const values = new RandomValues(models, draw);
    const result = compare(
      {
        type: types.at(-1) as never,
        options: { ...rest, ...(groups && { groups }) } as ValidationOptions,
        values: Array.from({ length: valuesPerClass }, () => values.of(models.length - 1)),
        isText,
      },
      seams,
    );
    forgetClasses();
    total[result.isCompiled ? 'compiled' : 'fallen']++;
    for (const reason of result.reasons) total.reasons.set(reason, (total.reasons.get(reason) ?? 0) + 1);
    if (result.isCompiled) {
      total.cases += result.cases;
      total.accepted += result.accepted;
      total.missed += result.missed;
      total.refused += result.refused;
      total.unexplained += result.unexplained;
    }
    if (result.differences.length > 0) throw new Error(result.differences.slice(0, 3).join('\n'));
  });
  fc.assert(check, {
    seed,
    numRuns: runs,
    ...(process.env.REPLAY !== undefined && { path: process.env.REPLAY }),
    includeErrorInReport: true,
    endOnFailure: !shrinks,
  });
  return total;
}
