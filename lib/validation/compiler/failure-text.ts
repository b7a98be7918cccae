import type { ValidationArguments } from 'class-validator';
import type { ClassLibraries } from '../class-libraries.ts';
import type { ClassMetadata, Rule } from '../class-metadata.ts';
import { keysOf, textForClient } from '../collect-issues.ts';
import type { ResolvedOptions } from '../validation-options.ts';
import type { RulePlan } from './plan.ts';

export interface TextContext {
  readonly libraries: ClassLibraries;
  readonly metadata: ClassMetadata;
  readonly options: ResolvedOptions;
}

/** A rule that did not pass. */
export interface Failed {
  readonly rule: Rule;
  /** The part of the plan that the rule is: inherited rules have another text in each class. */
  readonly plan: object;
  /** None for `@ValidateNested()`, which has no text of its own. */
  readonly constraint: RulePlan['constraints'][number] | null;
  readonly isInlined: boolean;
  readonly key: string;
  readonly className: string;
  /** All rules of the property. */
  readonly rules: readonly Rule[];
  readonly value: unknown;
  /** Stands for the instance, which there is none of: notes that somebody wanted to look at it. */
  readonly object: () => object;
}

/** Makes the text of a failed rule as class-validator would, and keeps those that are the same each time. */
export class FailureTexts {
  readonly #context: TextContext;
  readonly #fixed = new WeakMap<object, string>();

  constructor(context: TextContext) {
    this.#context = context;
  }

  textOf(failed: Failed): string {
    const known = this.#fixed.get(failed.plan);
    if (known !== undefined) return known;
    const text = this.#make(failed);
    if (this.#isFixed(failed)) this.#fixed.set(failed.plan, text);
    return text;
  }

  #make(failed: Failed): string {
    const { rule, value, object, className, key, rules } = failed;
    const { libraries, metadata } = this.#context;
    const asked: ValidationArguments = {
      value,
      get object() {
        return object();
      },
      targetName: failed.constraint === null ? 'Function' : className,
      property: rule.propertyName,
      constraints: rule.constraints,
    };
    const text = libraries.fillMessage(this.#messageOf(failed, asked), asked);
    const failure = {
      value,
      get object() {
        return object();
      },
      targetName: className,
    };
    return textForClient(text, { key, property: rule.propertyName, rules, metadata, failure });
  }

  #messageOf({ rule, constraint }: Failed, asked: ValidationArguments): Rule['message'] {
    if (rule.message || this.#context.options.validator.dismissDefaultMessages) return rule.message || '';
    const instance = constraint?.instance;
    return instance?.defaultMessage instanceof Function ? instance.defaultMessage(asked) : '';
  }

  /** The default texts of inlined rules are known, and but for `@Length()` they do not depend on the value. */
  #isFixed({ rule, key, rules, isInlined }: Failed): boolean {
    const { metadata } = this.#context;
    const isShared = rules.some(other => other !== rule && keysOf(other, metadata).includes(key));
    if (isShared || (rule.constraints ?? []).some(isChangeable)) return false;
    if (rule.message) return typeof rule.message === 'string';
    return isInlined && rule.name !== 'isLength';
  }
}

function isChangeable(constraint: unknown): boolean {
  return (
    typeof constraint === 'function' ||
    (typeof constraint === 'object' && constraint !== null && !(constraint instanceof RegExp))
  );
}
