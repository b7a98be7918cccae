import type { ValidationError } from 'class-validator';
import type { ClassMetadata, Rule } from './class-metadata.ts';
import { type IssueList, joinPath } from './issue-list.ts';
import { isSilentMessage, messagesOf } from './issue-message.ts';

export interface Collecting {
  readonly metadata: ClassMetadata;
  readonly issues: IssueList;
  /** Whether an issue at this path was reported already. */
  readonly skips: (path: string) => boolean;
}

/** class-validator's own texts, which hold class and property names only. */
const FIXED_TEXTS = new Set(['whitelistValidation', 'unknownValue']);

/** Flattens class-validator's tree of errors: one issue for each failed rule, none with the value. */
export function collectIssues(errors: readonly ValidationError[], collecting: Collecting): void {
  for (const error of errors) collect(error, { collecting, path: '', parentRules: [] });
}

interface Branch {
  readonly collecting: Collecting;
  readonly path: string;
  /** The rules of the property above: the elements of a list have none of their own. */
  readonly parentRules: readonly Rule[];
}

function collect(error: ValidationError, { collecting, path: parentPath, parentRules }: Branch): void {
  const { issues, skips } = collecting;
  const path = joinPath(parentPath, error.property ?? '');
  if (skips(path)) return;
  const rules = issues.isFull ? [] : rulesFor(error, parentRules, collecting.metadata);
  for (const [rule, text] of Object.entries(error.constraints ?? {})) {
    if (issues.isFull) issues.count(1);
    else issues.add({ path, rule, message: silentText(error, { rule, text, rules, collecting }) });
  }
  for (const child of error.children ?? []) collect(child, { collecting, path, parentRules: rules });
}

function rulesFor(
  error: ValidationError,
  parentRules: readonly Rule[],
  metadata: ClassMetadata,
): readonly Rule[] {
  const target = error.target ?? {};
  if (Array.isArray(target) || target instanceof Set || target instanceof Map) return parentRules;
  return metadata.rulesOf(target.constructor as never).get(error.property) ?? [];
}

interface Failure {
  readonly rule: string;
  readonly text: string;
  readonly rules: readonly Rule[];
  readonly collecting: Collecting;
}

function silentText(error: ValidationError, { rule, text, rules, collecting }: Failure): string {
  const failed = rules.filter(candidate => keysOf(candidate, collecting.metadata).includes(rule));
  const isKnown = failed.length > 0 || FIXED_TEXTS.has(rule);
  const isSilent = isKnown && failed.every(candidate => isSilentRule(candidate, error, collecting.metadata));
  return text && isSilent ? text : `${failed[0]?.propertyName ?? error.property} is not valid`;
}

/** The keys that a rule may leave in `constraints`. */
function keysOf(rule: Rule, metadata: ClassMetadata): readonly string[] {
  return [rule.type, ...metadata.constraintsOf(rule).map(constraint => constraint.name)];
}

function isSilentRule(rule: Rule, error: ValidationError, metadata: ClassMetadata): boolean {
  const failure = {
    value: error.value,
    constraints: rule.constraints,
    targetName: error.target?.constructor.name ?? '',
    object: error.target ?? {},
    property: rule.propertyName,
  };
  return messagesOf(rule, metadata).every(message => isSilentMessage(message, failure));
}
