import type { ClassMetadata, Rule } from '../class-metadata.ts';
import type { DtoMistake } from '../inspect-dto.ts';
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

/** One report a class; it counts as compiled when it is under each policy for undeclared properties that is in use. */
export function reportOf(classes: readonly CompiledClass[], metadata: ClassMetadata): readonly DtoReport[] {
  const byType = Map.groupBy(classes, ({ type }) => type);
  return [...byType].map(([type, made]) => {
    const reasons = new Set(made.flatMap(one => one.reasons));
    const fields = new Set(made.flatMap(({ plan }) => plan?.undeclaredFields ?? []));
    return {
      name: type.name,
      compiled: reasons.size === 0,
      reasons: [...reasons],
      warnings: [...[...fields].map(lostField), ...propertyWarnings(type, metadata)],
    };
  });
}

function lostField(name: string): string {
  return `${name} is set by the constructor and has no decorator, so the whitelist removes it from each instance`;
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
