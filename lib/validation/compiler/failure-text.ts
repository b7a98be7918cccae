import type { ValidationArguments } from 'class-validator';
import type { ClassLibraries } from '../class-libraries.ts';
import type { ClassMetadata, Rule } from '../class-metadata.ts';
import { keysOf, textForClient } from '../collect-issues.ts';
import type { ResolvedOptions } from '../validation-options.ts';
import type { Explanation } from './explanation.ts';
import type { ClassPlan, RulePlan } from './plan.ts';

export interface TextContext {
  readonly libraries: ClassLibraries;
  readonly metadata: ClassMetadata;
  readonly options: ResolvedOptions;
}

/** What can fail, and where. */
export interface FailingRule {
  readonly plan: ClassPlan;
  readonly property: string;
  readonly rule: Rule;
  /** None for `@ValidateNested()`, which has no text of its own. */
  readonly constraint: RulePlan['constraints'][number] | null;
  readonly isInlined: boolean;
  readonly key: string;
  /** What `$target` stands for. */
  readonly className: string;
}

/** The text for a value that failed. */
export type FailureText = (value: unknown, explanation: Explanation) => string;

/** Makes the text of a failed rule as class-validator would, once where it is the same each time. */
export function failureText(failing: FailingRule, context: TextContext): FailureText {
  const make = textMaker(failing, context);
  const caseOf = casesOf(failing, context);
  if (caseOf === null) return make;
  const known = new Map<string, string>();
  return (value, explanation) => {
    const which = caseOf(value);
    if (which === null) return make(value, explanation);
    const text = known.get(which) ?? make(which === ANY ? undefined : value, explanation);
    known.set(which, text);
    return text;
  };
}

function textMaker(failing: FailingRule, context: TextContext): FailureText {
  const { plan, rule, constraint, className, key, property } = failing;
  const { libraries, metadata } = context;
  const rules = metadata.rulesOf(plan.type).get(property) ?? [];
  const { constraints } = rule;
  const asking = { plan, targetName: className, property: rule.propertyName, constraints };
  const filling = { ...asking, targetName: constraint === null ? 'Function' : className };
  return (value, explanation) => {
    const asked = question(filling, value, explanation);
    const text = libraries.fillMessage(messageOf(failing, context, asked), asked);
    const failure = question(asking, value, explanation);
    return textForClient(text, { key, property: rule.propertyName, rules, metadata, failure });
  };
}

/** What a constraint is asked: whoever looks at the instance is left to class-validator, which has one. */
export function question(asking: Asking, value: unknown, explanation: Explanation): ValidationArguments {
  const { plan, targetName, property, constraints } = asking;
  return {
    targetName,
    property,
    value,
    constraints,
    get object() {
      explanation.giveUp();
      return Object.create(plan.type.prototype) as object;
    },
  };
}

/** The part of a question that is always the same. */
export interface Asking extends Omit<ValidationArguments, 'object' | 'value'> {
  readonly plan: ClassPlan;
}

function messageOf(
  { rule, constraint }: FailingRule,
  { options }: TextContext,
  asked: ValidationArguments,
): Rule['message'] {
  if (rule.message || options.validator.dismissDefaultMessages) return rule.message || '';
  const instance = constraint?.instance;
  return instance?.defaultMessage instanceof Function ? instance.defaultMessage(asked) : '';
}

/** Every value has the same text. */
const ANY = 'any';

/**
 * Tells the values apart that have different texts, and gives `null` for those whose text is made each time; `null`
 * for a rule whose texts all are. The default texts of inlined rules are known: but for `@Length()`, they do not
 * depend on the value.
 */
function casesOf(
  { rule, key, isInlined, plan, property }: FailingRule,
  { metadata }: TextContext,
): ((value: unknown) => string | null) | null {
  const rules = metadata.rulesOf(plan.type).get(property) ?? [];
  const isShared = rules.some(other => other !== rule && keysOf(other, metadata).includes(key));
  if (isShared || (rule.constraints ?? []).some(isChangeable)) return null;
  if (rule.message) return typeof rule.message === 'string' ? () => ANY : null;
  if (!isInlined) return null;
  return rule.name === 'isLength' ? lengthCases(rule.constraints) : () => ANY;
}

function isChangeable(constraint: unknown): boolean {
  return (
    typeof constraint === 'function' ||
    (typeof constraint === 'object' && constraint !== null && !(constraint instanceof RegExp))
  );
}

/** As fine as class-validator's own distinction, and that of `isSilentMessage()`. */
function lengthCases([min, max]: readonly number[]): (value: unknown) => string | null {
  return value => {
    if (typeof value === 'number' && value > 0) return 'number';
    if (typeof value !== 'string') return null;
    if (value.length < Math.max(1, min ?? 0)) return 'short';
    return max !== undefined && value.length > max ? 'long' : 'between';
  };
}
