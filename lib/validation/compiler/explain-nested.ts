import type { PropertyShape } from '../dto-shape.ts';
import { joinPath } from '../issue-list.ts';
import type { Plain } from '../undeclared.ts';
import { MOST_LEVELS } from './build-parts.ts';
import type { RuleContext } from './explain-rule.ts';
import type { ExplainObject, Explanation, Place } from './explanation.ts';
import { fail } from './fail.ts';
import { failureText } from './failure-text.ts';
import { isSkipped } from './later-check.ts';
import type { ClassPlan, NestedPlan } from './plan.ts';

/** What `@ValidateNested()` finds in the value of a property. */
export interface ExplainNested {
  /** The value that is checked: a DTO stays as it was sent. */
  readonly toChecked: (given: unknown, explanation: Explanation) => unknown;
  /** Whether there is anything to look into. */
  readonly explain: (place: Place) => void;
  readonly descend: (place: Place) => void;
}

export interface NestedExplaining {
  readonly context: RuleContext;
  readonly shape: PropertyShape;
  readonly nested: NestedPlan;
  readonly explainerOf: (plan: ClassPlan) => ExplainObject;
}

export function explainNested(explaining: NestedExplaining): ExplainNested {
  const { context, shape, nested, explainerOf } = explaining;
  const explain = complaint(explaining, context.plan.type.name);
  const explainItem = complaint(explaining, 'Array');

  let known: ClassPlan | null = null;
  let explainKnown: ExplainObject | null = null;

  const explainOne: ExplainObject = (value, path, explanation) => {
    const plan = nested.plan();
    if (plan === null) return explanation.giveUp();
    if (plan !== known || explainKnown === null) {
      known = plan;
      explainKnown = explainerOf(plan);
    }
    explainKnown(value, path, explanation);
  };

  const descend = ({ value, path, explanation }: Place) => {
    if (typeof value !== 'object' || value === null) return;
    if (++explanation.depth > MOST_LEVELS) explanation.giveUp();
    if (Array.isArray(value)) descendInto(value, path, explanation);
    else explainOne(value as Plain, path, explanation);
    explanation.depth--;
  };

  const descendInto = (items: readonly unknown[], path: string, explanation: Explanation) => {
    for (let at = 0; at < items.length && !explanation.isOver; at++) {
      const value = items[at];
      const own = joinPath(path, String(at));
      if (value === undefined || isSkipped(context.property, value) || explanation.skips?.(own)) continue;
      const place: Place = { value, path: own, failed: [], explanation };
      explainItem(place);
      for (const issue of place.failed) explanation.issues.add(issue);
      descend(place);
    }
  };

  return { toChecked: (given, explanation) => asSent(given, shape, explanation), explain, descend };
}

function asSent(given: unknown, { isSingle, maxSize }: PropertyShape, explanation: Explanation): unknown {
  if (explanation.isPrepared || !Array.isArray(given)) return given;
  if (isSingle) explanation.wantPreparation();
  return given.length > maxSize ? given.slice(0, maxSize + 1) : given;
}

/** `undefined` is for other rules to refuse; anything else that is no object is refused here. */
function complaint({ context }: NestedExplaining, className: string): ExplainNested['explain'] {
  const { plan, property } = context;
  const rule = property.nestedRule;
  if (rule === null) return () => {};
  const key = rule.type;
  const failing = { plan, property: property.name, rule, constraint: null, isInlined: true, key, className };
  const note = fail(key, failureText(failing, context));
  return place => {
    const { value } = place;
    if (value !== undefined && (typeof value !== 'object' || value === null)) note(place);
  };
}
