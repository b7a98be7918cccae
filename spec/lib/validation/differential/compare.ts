import { isDeepStrictEqual } from 'node:util';
import { useContainer } from 'class-validator';
import { Invalid } from '../../../../lib/errors.ts';
import { guarded, validatorOf } from '../../../../lib/validation/check.ts';
import { type ClassLibraries, loadClassLibraries } from '../../../../lib/validation/class-libraries.ts';
import { ClassMetadata } from '../../../../lib/validation/class-metadata.ts';
import { type CompilerSeams, DtoCompiler } from '../../../../lib/validation/compiler/dto-compiler.ts';
import { Explanation } from '../../../../lib/validation/compiler/explanation.ts';
import { MISS } from '../../../../lib/validation/compiler/plan.ts';
import { incomingCheck } from '../../../../lib/validation/dto-check.ts';
import { DtoShapes } from '../../../../lib/validation/dto-shapes.ts';
import { IssueList } from '../../../../lib/validation/issue-list.ts';
import { resolveOptions, type ValidationOptions } from '../../../../lib/validation/validation-options.ts';
import type { Class } from '../../../../lib/validation/validator.ts';

const libraries: ClassLibraries = await loadClassLibraries();

// class-validator's own container looks through all the constraints that it ever made for each value.
const constraints = new Map<unknown, unknown>();
useContainer({
  get: (type: new () => unknown) => {
    const known = constraints.get(type) ?? new type();
    constraints.set(type, known);
    return known as never;
  },
});

export interface Comparison {
  readonly isCompiled: boolean;
  readonly reasons: readonly string[];
  readonly cases: number;
  readonly accepted: number;
  /** Values that the libraries accept and compiled code does not decide. */
  readonly missed: number;
  /** Values that the libraries refuse. */
  readonly refused: number;
  /** Those of them whose issues only the libraries find. */
  readonly unexplained: number;
  readonly differences: readonly string[];
}

export interface Subject {
  readonly type: Class;
  readonly options: ValidationOptions;
  readonly values: readonly unknown[];
  readonly isText?: boolean;
}

/** Checks each value by the libraries and by compiled code, in both its forms, and describes what is not the same. */
export function compare(
  { type, options, values, isText = false }: Subject,
  seams: CompilerSeams = {},
): Comparison {
  const resolved = resolveOptions(options);
  const metadata = new ClassMetadata(libraries, resolved);
  const shapes = new DtoShapes(metadata);
  const { unknown } = resolved;
  const context = { libraries, metadata, options: resolved, shape: shapes.of(type) };
  const validate = (compilerFor: () => DtoCompiler | null, isTerse = false) => {
    const check = incomingCheck({ ...context, compilerFor, outgoing: null }, { unknown, isText, isTerse });
    return validatorOf(check, { isTerse, guard: guarded }).validate;
  };
  const compilers = [false, true].map(usesClosures => {
    return new DtoCompiler(
      { libraries, metadata, shapes, options: resolved, unknown, isText },
      { usesClosures, ...seams },
    );
  });
  const reference = validate(() => null);
  const subjects = compilers.map(compiler => validate(() => compiler));
  const terse = compilers.map(compiler => validate(() => compiler, true));
  const compiled = compilers.map(compiler => compiler.compile(type));
  const differences: string[] = [];
  let accepted = 0;
  let missed = 0;
  let refused = 0;
  let unexplained = 0;
  for (const value of values) {
    const expected = reference(value);
    for (const subject of subjects) {
      const difference = differenceOf(expected, subject(value), value);
      if (difference !== null) differences.push(`${show(value)}: ${difference}`);
    }
    for (const subject of terse) {
      const difference = verdictDifference(expected, subject(value));
      if (difference !== null) differences.push(`${show(value)}: ${difference}`);
    }
    if (expected instanceof Invalid) {
      refused++;
      if (!isText && compilers.some(compiler => !isExplained(compiler, type, value))) unexplained++;
      continue;
    }
    accepted++;
    if (!isText && compiled.some(({ plan, build }) => plan && isMiss(() => build(value, 0)))) missed++;
  }
  const [{ plan, reasons } = { plan: null, reasons: [] }] = compiled;
  const counts = { cases: values.length, accepted, missed, refused, unexplained };
  return { isCompiled: plan !== null, reasons, ...counts, differences };
}

function isExplained(compiler: DtoCompiler, type: Class, value: unknown): boolean {
  const { plan } = compiler.compile(type);
  if (plan === null) return false;
  const explanation = new Explanation(new IssueList());
  compiler.explain(plan, value, explanation);
  return explanation.isDecided || explanation.needsPreparation;
}

/** Whoever is told no reason is told the same verdict. */
function verdictDifference(expected: unknown, actual: unknown): string | null {
  if (expected instanceof Promise || actual instanceof Promise) return null;
  const isRefused = actual instanceof Invalid;
  if (isRefused !== expected instanceof Invalid)
    return `${isRefused ? 'refused' : 'accepted'} by the terse check`;
  return isRefused && actual.issues.length > 0 ? 'an issue of the terse check' : null;
}

function isMiss(build: () => unknown): boolean {
  try {
    return build() === MISS;
  } catch {
    return true;
  }
}

function differenceOf(expected: unknown, actual: unknown, source: unknown): string | null {
  if (expected instanceof Promise || actual instanceof Promise) return null;
  if (!isDeepStrictEqual(expected, actual))
    return `${show(expected)} by the libraries, ${show(actual)} compiled`;
  return isShared(actual, source) && !isShared(expected, source) ? 'shares an object with the input' : null;
}

/** Whether a change of the instance would change what the client sent. */
function isShared(result: unknown, source: unknown): boolean {
  if (result instanceof Invalid || typeof result !== 'object' || result === null) return false;
  const objects = new Set(objectsIn(source));
  return objectsIn(result).some(object => objects.has(object));
}

function objectsIn(value: unknown): unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  return [value, ...Object.values(value).flatMap(objectsIn)];
}

function show(value: unknown): string {
  const name = typeof value === 'object' && value !== null ? `${value.constructor?.name} ` : '';
  return `${name}${JSON.stringify(value) ?? String(value)}`.slice(0, 300);
}

/** Forgets the classes of a comparison: class-validator looks through all that it knows for each value. */
export function forgetClasses(): void {
  constraints.clear();
  const stores: readonly [object, readonly string[]][] = [
    [libraries.rules, ['validationMetadatas', 'constraintMetadatas']],
    [
      libraries.types,
      ['_typeMetadatas', '_transformMetadatas', '_exposeMetadatas', '_excludeMetadatas', '_ancestorsMap'],
    ],
  ];
  for (const [storage, names] of stores) {
    for (const name of names) (Reflect.get(storage, name) as Map<unknown, unknown>).clear();
  }
}
