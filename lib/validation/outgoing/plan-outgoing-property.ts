import { propertyType } from '../../reflected-types.ts';
import type { ClassLibraries } from '../class-libraries.ts';
import type { ClassMetadata, Rule } from '../class-metadata.ts';
import { isHarmlessDefault } from '../compiler/build-parts.ts';
import { castOf } from '../compiler/copy-json.ts';
import { type Build, type Builder, isInlined, type RulePlan } from '../compiler/plan.ts';
import { type PropertyChecks, planChecks } from '../compiler/plan-checks.ts';
import type { PlanRule } from '../compiler/plan-rule.ts';
import type { ResolvedOptions } from '../validation-options.ts';
import type { Class } from '../validator.ts';
import type { Absent, OutgoingPlan, OutgoingProperty } from './outgoing-plan.ts';
import { outgoingTransform } from './outgoing-transform.ts';
import { castOutgoing, nestedOutgoing, serialiseAny, serialiseScalars } from './serialise.ts';

export interface OutgoingContext {
  readonly libraries: ClassLibraries;
  readonly metadata: ClassMetadata;
  readonly options: ResolvedOptions;
  readonly planRule: PlanRule;
  readonly builderOf: (type: Class) => Builder;
}

export interface OutgoingSource {
  readonly type: Class;
  readonly name: string;
  readonly rules: readonly Rule[];
  readonly output: string | null;
  /** What a constructor that is given nothing leaves. */
  readonly probe: object;
  readonly instanceOf: OutgoingPlan['instanceOf'];
}

/** The plan of a property that is sent, or why only the libraries can check it. */
export function planOutgoingProperty(
  source: OutgoingSource,
  context: OutgoingContext,
): OutgoingProperty | string {
  const { type, name, rules, output } = source;
  const refusal = refusalOf(rules);
  if (refusal !== null) return refusal;
  const checks = planChecks(rules, context);
  const serialise = serialiserOf(source, checks, context);
  if (typeof serialise === 'string') return serialise;
  const transform = outgoingTransform(type, name, source, context.libraries);
  if (transform !== null && checks.nestedRule !== null) return '@ValidateNested() with @Transform()';
  const otherwise = transform === null ? null : serialiseAny;
  const takesNull = checks.isOptional || checks.skipsNull;
  return {
    ...{ name, output, checks, transform, absent: absentOf(source) },
    visited: visitedOf(source, context),
    // DTOs below it are checked where they are serialised.
    serialise: output === null && checks.nestedRule === null ? null : (serialise ?? otherwise),
    takesDefault: value => checks.nestedRule === null || isHarmlessDefault(value, takesNull),
  };
}

const KNOWN_RULES = new Set([
  'customValidation',
  'isDefined',
  'conditionalValidation',
  'nestedValidation',
  'whitelistValidation',
]);

function refusalOf(rules: readonly Rule[]): string | null {
  const unknown = rules.find(rule => !KNOWN_RULES.has(rule.type));
  if (unknown) return `${unknown.type} is left to class-validator`;
  const isSticky = (constraint: unknown) => constraint instanceof RegExp && constraint.sticky;
  return rules.some(rule => rule.constraints?.some(isSticky)) ? '@Matches() of a sticky RegExp' : null;
}

function absentOf({ type, name, output, probe }: OutgoingSource): Absent {
  if (Object.hasOwn(probe, name)) return Reflect.get(probe, name) === undefined ? 'nowhere' : 'constructor';
  if (!(name in (type.prototype as object))) return 'nowhere';
  return output === null ? 'libraries' : 'accessor';
}

function visitedOf({ type, name, probe }: OutgoingSource, { metadata }: OutgoingContext) {
  if (metadata.exposedToPlain(type).includes(name)) return 'always';
  return Object.hasOwn(probe, name) ? 'of others' : 'given';
}

function serialiserOf(
  { type, name, rules }: OutgoingSource,
  checks: PropertyChecks,
  { metadata, builderOf }: OutgoingContext,
): Build | string | null {
  const declared = metadata.declaredType(type, name);
  if (declared !== null && declared.kind !== 'class') return 'a @Type() that looks at the value';
  if (declared !== null && isMap(type, name)) return 'a Map';
  if (checks.nestedRule === null) return declared === null ? untyped(checks) : typed(declared.type);
  if (declared === null || metadata.rulesOf(declared.type).size === 0)
    return '@ValidateNested() without a class that has rules';
  if (checks.conditions.length > 0) return '@ValidateNested() under @ValidateIf()';
  if ([...checks.definedRules, ...checks.rules].some(looksInside))
    return '@ValidateNested() with rules that look at the object';
  if (rules.filter(rule => rule.type === 'nestedValidation').length > 1) return '@ValidateNested() twice';
  return nestedOutgoing(builderOf(declared.type), checks.isOptional || checks.skipsNull);
}

function isMap(type: Class, name: string): boolean {
  return propertyType(type.prototype as object, name) === (Map as unknown);
}

/** The libraries are given copies of the objects below: what these rules say of one, they say of the other. */
const OF_ANY_OBJECT = new Set([
  'isDefined',
  'isNotEmpty',
  'isObject',
  'isArray',
  'arrayMinSize',
  'arrayMaxSize',
  'arrayNotEmpty',
]);

function looksInside({ rule, leaf }: RulePlan): boolean {
  return leaf === null || !OF_ANY_OBJECT.has(rule.name ?? '');
}

function typed(type: Class): Build | string {
  const cast = castOf(type);
  return cast === null ? `@Type(() => ${type?.name}) without @ValidateNested()` : castOutgoing(cast);
}

/** A rule that lets no object pass makes a copy needless, if it always runs. */
function untyped({ conditions, definedRules, rules }: PropertyChecks): Build | null {
  if (conditions.length > 0) return serialiseAny;
  const scalar = [...definedRules, ...rules].filter(rule => isInlined(rule) && rule.leaf?.isScalar);
  if (scalar.some(rule => !rule.each)) return null;
  return scalar.length > 0 ? serialiseScalars : serialiseAny;
}
