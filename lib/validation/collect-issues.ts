import type { ValidationArguments, ValidationError } from 'class-validator';
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
  const { value, property } = error;
  const target = error.target ?? {};
  const failure = { value, object: target, targetName: error.target?.constructor.name ?? '' };
  return textForClient(text, { key: rule, property, rules, metadata: collecting.metadata, failure });
}

export interface FailedRule {
  /** The name of the failed check in `constraints`. */
  readonly key: string;
  readonly property: string;
  /** All rules of the property: several may share a name. */
  readonly rules: readonly Rule[];
  readonly metadata: ClassMetadata;
  readonly failure: Pick<ValidationArguments, 'value' | 'object' | 'targetName'>;
}

/** The text of a failed rule if it says nothing of the value, and one that says nothing at all if it does. */
export function textForClient(
  text: string | undefined,
  { key, property, rules, metadata, failure }: FailedRule,
): string {
  const failed = rules.filter(candidate => keysOf(candidate, metadata).includes(key));
  const isKnown = failed.length > 0 || FIXED_TEXTS.has(key);
  const isSilent = isKnown && failed.every(candidate => isSilentRule(candidate, failure, metadata));
  return text && isSilent ? text : `${failed[0]?.propertyName ?? property} is not valid`;
}

/** The keys that a rule may leave in `constraints`. */
export function keysOf(rule: Rule, metadata: ClassMetadata): readonly string[] {
  return [rule.type, ...metadata.constraintsOf(rule).map(constraint => constraint.name)];
}

function isSilentRule(rule: Rule, failure: FailedRule['failure'], metadata: ClassMetadata): boolean {
  const asked = {
    get value() {
      return failure.value;
    },
    get object() {
      return failure.object;
    },
    targetName: failure.targetName,
    constraints: rule.constraints,
    property: rule.propertyName,
  };
  return messagesOf(rule, metadata).every(message => isSilentMessage(message, asked));
}
