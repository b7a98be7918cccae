import type { ClassConstructor } from 'class-transformer';
import type { ValidationError } from 'class-validator';
import { type Check, NOT_AN_OBJECT } from './check.ts';
import type { ClassLibraries } from './class-libraries.ts';
import type { ClassMetadata } from './class-metadata.ts';
import { collectIssues } from './collect-issues.ts';
import { compiledCheck } from './compiler/compiled-check.ts';
import { type DtoCompiler, unknownOptions } from './compiler/dto-compiler.ts';
import { MISS } from './compiler/plan.ts';
import type { DtoShape } from './dto-shape.ts';
import { IssueList } from './issue-list.ts';
import type { OutgoingCompiler } from './outgoing/outgoing-compiler.ts';
import { outgoingInstance } from './outgoing-instance.ts';
import { Preparation, type Reading } from './preparation.ts';
import { isObject } from './undeclared.ts';
import type { ResolvedOptions } from './validation-options.ts';

/** Everything a check of one class needs, decided at start. */
export interface DtoContext {
  readonly libraries: ClassLibraries;
  readonly metadata: ClassMetadata;
  readonly options: ResolvedOptions;
  readonly shape: DtoShape;
  /** Compiles DTO classes for what becomes of undeclared properties; `null` leaves them to the libraries. */
  readonly compilerFor: (reading: Reading) => DtoCompiler | null;
  /** Compiles the classes of what is sent; `null` leaves them to the libraries. */
  readonly outgoing: OutgoingCompiler | null;
}

/** The check of what a client sent: by compiled code, or by the libraries where it has no answer. */
export function incomingCheck(context: DtoContext, reading: Reading): Check {
  const libraries = libraryCheck(context, reading);
  const { shape, options } = context;
  const compiler = context.compilerFor(reading);
  const compiled = compiler?.compile(shape.type);
  if (!compiler || !compiled?.plan) return libraries;
  // A @Transform() looks at the texts themselves, beside those that were read.
  if (reading.isText && compiler.hasTransforms) return libraries;
  const { explain } = compiler;
  return compiledCheck({ compiled, shape, reading, givesInstance: options.transform, explain, libraries });
}

/** class-transformer builds the instance, class-validator judges it. */
function libraryCheck(context: DtoContext, reading: Reading): Check {
  const { libraries, options, shape } = context;
  const type = shape.type as ClassConstructor<object>;
  // Without this option, an exposed property that the text lacks would lose its default.
  const exposeDefaultValues = reading.isText && !shape.hasTransforms;
  const transformer = { exposeDefaultValues, ...options.transformer };
  const { unknown } = reading;
  const validator = { ...options.validator, ...unknownOptions(unknown) };
  return value => {
    const preparation = new Preparation(reading);
    const plain = preparation.object(shape, value);
    if (plain === undefined) return preparation.issues;
    const instance = libraries.transformer.plainToInstance(type, plain, transformer);
    const errors = libraries.check(instance, validator);
    return conclude(errors, context, {
      issues: preparation.issues,
      skips: path => preparation.hasReported(path),
      give: () => (options.transform ? instance : new Preparation(reading).object(shape, value)),
    });
  };
}

/**
 * The check of what a handler gives: by compiled code, or by the libraries where it has no answer. Undeclared
 * properties are left out even where the client's are not.
 */
export function outgoingCheck(context: DtoContext): Check {
  const libraries = outgoingLibraryCheck(context);
  const compiled = context.outgoing?.compile(context.shape.type);
  if (!compiled || compiled.reason !== null) return libraries;
  return value => {
    const sent = compiled.build(value, 0);
    return sent === MISS ? libraries(value) : sent;
  };
}

function outgoingLibraryCheck(context: DtoContext): Check {
  const { libraries, options, shape } = context;
  const validator = { ...options.validator, whitelist: false, forbidNonWhitelisted: false };
  return value => {
    if (!isObject(value)) return IssueList.of({ path: '', ...NOT_AN_OBJECT });
    const instance = outgoingInstance(shape, value);
    return conclude(libraries.check(instance, validator), context, {
      issues: new IssueList(),
      skips: () => false,
      give: () => libraries.transformer.instanceToPlain(instance, options.transformer),
    });
  };
}

interface Verdict {
  readonly issues: IssueList;
  readonly skips: (path: string) => boolean;
  /** What a value without issues becomes. */
  readonly give: () => unknown;
}

function conclude(
  errors: ValidationError[] | Promise<ValidationError[]>,
  context: DtoContext,
  verdict: Verdict,
): unknown {
  if (errors instanceof Promise) return errors.then(settled => conclude(settled, context, verdict));
  const { issues, skips, give } = verdict;
  collectIssues(errors, { metadata: context.metadata, issues, skips });
  if (issues.total === 0) return give();
  return issues.sorted(context.shape.properties);
}
