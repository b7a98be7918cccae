import type { ClassMetadata, Rule } from '../class-metadata.ts';
import type { DtoMistake } from '../inspect-dto.ts';
import type { UnknownProperties } from '../validation-options.ts';
import type { Class } from '../validator.ts';
import type { CompiledClass } from './dto-compiler.ts';

/** What became of one DTO class at start. */
export interface DtoReport {
  readonly name: string;
  readonly compiled: boolean;
  /** Why the libraries check every value of the class; empty for a compiled one. */
  readonly reasons: readonly string[];
  /** What the class lets pass, or loses, that its author may not expect. */
  readonly warnings: readonly string[];
}

export type Compiled = Pick<CompiledClass, 'type' | 'reasons'>;

export interface ReportContext {
  readonly metadata: ClassMetadata;
  /** What becomes of undeclared properties of a message. */
  readonly unknown: UnknownProperties;
}

/** One report a class; it counts as compiled when it is in each way in which it is used. */
export function reportOf(classes: readonly Compiled[], context: ReportContext): readonly DtoReport[] {
  const byType = Map.groupBy(classes, ({ type }) => type);
  return [...byType].map(([type, made]) => {
    const reasons = new Set(made.flatMap(one => one.reasons));
    return {
      name: type.name,
      compiled: reasons.size === 0,
      reasons: [...reasons],
      warnings: [...lostFields(type, context), ...propertyWarnings(type, context.metadata)],
    };
  });
}

/** What the constructor sets, class-validator takes for sent: the whitelist is for it, too. */
function lostFields(type: Class, { metadata, unknown }: ReportContext): string[] {
  if (unknown === 'keep') return [];
  const effect =
    unknown === 'strip'
      ? 'so the whitelist removes it from each instance'
      : 'so forbidNonWhitelisted refuses each message';
  return fieldsOf(type)
    .filter(name => !metadata.rulesOf(type).has(name))
    .map(name => `${name} is set by the constructor and has no decorator, ${effect}: add @Allow()`);
}

function fieldsOf(type: Class): readonly string[] {
  try {
    return Object.keys(new (type as new () => object)());
  } catch {
    return [];
  }
}

function propertyWarnings(type: Class, metadata: ClassMetadata): readonly string[] {
  return [...metadata.rulesOf(type)].flatMap(([name, rules]) => [
    ...(letsAbsentPass(rules)
      ? [`${name}: @ValidateNested() lets an absent value pass: add @IsDefined() or @IsOptional()`]
      : []),
    ...(letsScalarPass(rules) ? [`${name}: { each: true } lets a single value pass: add @IsArray()`] : []),
  ]);
}

/** Rules that no absent value passes. */
const REQUIRING =
  /^(isDefined|isNotEmpty|isArray|isObject|isInstance|isNotEmptyObject|arrayNotEmpty|arrayMinSize|arrayMaxSize)$/;

function letsAbsentPass(rules: readonly Rule[]): boolean {
  return (
    rules.some(rule => rule.type === 'nestedValidation') &&
    !rules.some(rule => rule.type === 'conditionalValidation' || REQUIRING.test(rule.name ?? ''))
  );
}

function letsScalarPass(rules: readonly Rule[]): boolean {
  return (
    rules.some(rule => rule.each) &&
    !rules.some(rule => !rule.each && /^(isArray|array[A-Z]\w+)$/.test(rule.name ?? ''))
  );
}

/** A class that has to be compiled, and cannot be. */
export function notCompiled({ name, reasons }: Pick<DtoReport, 'name' | 'reasons'>): DtoMistake {
  return {
    code: 'GATEWIRE_DTO_NOT_COMPILED',
    what: `${name} cannot be compiled, and { compile: 'require' } was given`,
    got: reasons.join('; '),
    fix: `Change what is named here, or leave ${name} to class-validator with { compile: 'auto' }`,
  };
}
