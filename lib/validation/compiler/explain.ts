import type { ValidationArguments } from 'class-validator';
import { type IssueList, joinPath } from '../issue-list.ts';
import type { Plain } from '../undeclared.ts';
import { MOST_LEVELS } from './build-parts.ts';
import { isUsableDefault } from './convert-value.ts';
import { type Failed, FailureTexts, type TextContext } from './failure-text.ts';
import { callConstraint, forEach, isSkipped } from './later-check.ts';
import { type ClassPlan, MISS, type NestedPlan, type PropertyPlan, type RulePlan } from './plan.ts';

/** Where the issues of one value go. */
export interface Explaining {
  readonly issues: IssueList;
  /** Whether an issue at this path was reported already. */
  readonly skips: (path: string) => boolean;
}

/**
 * Finds the issues of a prepared value without building its instance: those that class-validator would find.
 *
 * `false` when only class-validator can tell: where a rule or its text depends on the instance.
 */
export type Explain = (plan: ClassPlan, plain: Plain, explaining: Explaining) => boolean;

export function explainer(context: TextContext): Explain {
  const texts = new FailureTexts(context);
  return (plan, plain, explaining) => {
    try {
      const explanation = new Explanation(context, texts, explaining);
      explanation.object(plan, plain, '');
      return !explanation.isUndecided;
    } catch {
      return false;
    }
  };
}

class Explanation {
  isUndecided = false;
  #depth = 0;
  readonly #context: TextContext;
  readonly #texts: FailureTexts;
  readonly #explaining: Explaining;

  constructor(context: TextContext, texts: FailureTexts, explaining: Explaining) {
    this.#context = context;
    this.#texts = texts;
    this.#explaining = explaining;
  }

  object(plan: ClassPlan, plain: Plain, path: string): void {
    const hasDefaults = plan.properties.some(
      ({ name, hasDefault }) => hasDefault && plain[name] === undefined,
    );
    const defaults = hasDefaults ? (new plan.type() as Plain) : {};
    for (const property of plan.properties) {
      if (this.isUndecided) return;
      const own = joinPath(path, property.name);
      if (this.#explaining.skips(own)) continue;
      const value = this.#valueOf(property, plain[property.name], defaults[property.name]);
      if (property.isFine?.(value)) continue;
      this.#property({ plan, property, path: own, value });
    }
  }

  /** The value that the instance would have; a DTO stays as it was sent. */
  #valueOf(property: PropertyPlan, given: unknown, initial: unknown): unknown {
    if (given === undefined) {
      if (!isUsableDefault(property, initial)) this.isUndecided = true;
      return initial;
    }
    if (property.conversion.kind === 'nested') return given;
    if (property.transform !== null) this.isUndecided = true;
    const value = property.convert(given, 0);
    if (value === MISS) this.isUndecided = true;
    return value;
  }

  #property(place: Place): void {
    const { property, value, path } = place;
    if (property.isOptional && (value === null || value === undefined)) return;
    if (property.conditions.length > 0) this.isUndecided = true;
    const failures: Record<string, string> = {};
    for (const rule of property.definedRules) this.#rule(rule, place, failures);
    const isSkippedValue = isSkipped(property, value);
    if (!isSkippedValue) for (const rule of property.rules) this.#rule(rule, place, failures);
    const nests = !isSkippedValue && property.conversion.kind === 'nested' && !this.#stops(failures);
    if (nests) this.#checkNested(place, failures);
    this.#report(path, failures);
    if (nests) this.#descend(place);
  }

  #rule(plan: RulePlan, place: Place, failures: Record<string, string>): void {
    const { value, property } = place;
    const isCalled = plan.leaf === null;
    const isForeign = isCalled && !this.#context.libraries.constraintNames.has(plan.rule.name);
    const needsInstance = isForeign || (isCalled && property.conversion.kind === 'nested');
    if (needsInstance || plan.rule.validateIf) this.isUndecided = true;
    if (this.isUndecided || (plan.leaf && forEach(plan, value, plan.leaf.test))) return;
    for (const constraint of plan.constraints) {
      if (this.#stops(failures)) return;
      if (callConstraint(plan, constraint.instance, this.#question(plan, place))) continue;
      const key = constraint.name || plan.rule.type;
      failures[key] = this.#text(place, { rule: plan.rule, plan, constraint, isInlined: !isCalled, key });
    }
  }

  #question({ rule }: RulePlan, { plan, value }: Place) {
    const noInstance = () => this.#noInstance(plan);
    const asked: ValidationArguments = {
      targetName: plan.type.name,
      property: rule.propertyName,
      get object() {
        return noInstance();
      },
      value,
      constraints: rule.constraints,
    };
    return { asked, onPromise: noInstance };
  }

  #checkNested(place: Place, failures: Record<string, string>): void {
    const { property, value } = place;
    const rule = property.nestedRule;
    if (rule === null || value === undefined || (typeof value === 'object' && value !== null)) return;
    failures[rule.type] = this.#text(place, {
      ...{ rule, plan: property, constraint: null, isInlined: true, key: rule.type },
    });
  }

  #descend(place: Place): void {
    const { property, value, path } = place;
    if (property.conversion.kind !== 'nested' || typeof value !== 'object' || value === null) return;
    if (++this.#depth > MOST_LEVELS) this.isUndecided = true;
    if (Array.isArray(value)) this.#descendInto(value, place);
    else this.#nested(property.conversion.nested, value as Plain, path);
    this.#depth--;
  }

  #descendInto(items: readonly unknown[], place: Place): void {
    const { property, path } = place;
    items.forEach((item, at) => {
      const own = joinPath(path, String(at));
      if (item === undefined || isSkipped(property, item) || this.isUndecided || this.#explaining.skips(own))
        return;
      const element = { ...place, value: item, path: own, className: 'Array' };
      const failures: Record<string, string> = {};
      this.#checkNested(element, failures);
      this.#report(own, failures);
      this.#descend(element);
    });
  }

  #nested({ plan }: NestedPlan, value: Plain, path: string): void {
    const nested = plan();
    if (nested === null) this.isUndecided = true;
    else this.object(nested, value, path);
  }

  #stops(failures: Record<string, string>): boolean {
    return this.#context.options.validator.stopAtFirstError === true && Object.keys(failures).length > 0;
  }

  #text(place: Place, failed: Pick<Failed, 'rule' | 'plan' | 'constraint' | 'isInlined' | 'key'>): string {
    if (this.#explaining.issues.isFull) return '';
    const { plan, property, value, className = plan.type.name } = place;
    const rules = this.#context.metadata.rulesOf(plan.type).get(property.name) ?? [];
    const object = () => this.#noInstance(plan);
    return this.#texts.textOf({ ...failed, className, rules, value, object });
  }

  /** Whoever looks at the instance is to be asked by class-validator, which has one. */
  #noInstance({ type }: ClassPlan): object {
    this.isUndecided = true;
    return Object.create(type.prototype);
  }

  #report(path: string, failures: Record<string, string>): void {
    for (const [rule, message] of Object.entries(failures))
      this.#explaining.issues.add({ path, rule, message });
  }
}

interface Place {
  readonly plan: ClassPlan;
  readonly property: PropertyPlan;
  readonly value: unknown;
  readonly path: string;
  /** What `$target` stands for, where it is not the class. */
  readonly className?: string;
}
