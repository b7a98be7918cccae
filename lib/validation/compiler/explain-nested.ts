import type { PropertyShape } from '../dto-shape.ts';
import { joinPath } from '../issue-list.ts';
import { isObject, type Plain } from '../undeclared.ts';
import { MOST_LEVELS } from './build-parts.ts';
import { chosen } from './choose-class.ts';
import { itemsOf, shallowNested } from './collections.ts';
import type { RuleContext } from './explain-rule.ts';
import type { ExplainObject, Explanation, Place } from './explanation.ts';
import { fail } from './fail.ts';
import { failureText } from './failure-text.ts';
import { isSkipped } from './later-check.ts';
import { type ClassPlan, MISS, type NestedPlan } from './plan.ts';

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
  const explainEntry = complaint(explaining, nested.collection === 'map' ? 'Map' : 'Set');

  let known: ClassPlan | null = null;
  let explainKnown: ExplainObject | null = null;

  const explainOne: ExplainObject = (value, path, explanation) => {
    const plan = (nested.choice === null ? nested : chosen(nested.choice, value)).plan();
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
    const items = itemsOf(value);
    if (items === null) explainOne(value as Plain, path, explanation);
    else if (isTold(nested, items)) descendInto(items, value, { path, explanation });
    else explanation.giveUp();
    explanation.depth--;
  };

  const descendInto = (items: Items, list: object, { path, explanation }: Branch) => {
    const complain = Array.isArray(list) ? explainItem : explainEntry;
    for (const [key, value] of items) {
      if (explanation.isOver) return;
      const own = joinPath(path, String(key));
      if (value === undefined || isSkipped(context.property, value) || explanation.skips?.(own)) continue;
      const place: Place = { value, path: own, failed: [], explanation };
      complain(place);
      for (const issue of place.failed) explanation.issues.add(issue);
      descend(place);
    }
  };

  const toChecked: ExplainNested['toChecked'] = (given, explanation) => {
    const value = shallowNested(nested, asSent(given, shape, explanation));
    if (value === MISS) explanation.giveUp();
    return value;
  };
  return { toChecked, explain, descend };
}

type Items = NonNullable<ReturnType<typeof itemsOf>>;
type Branch = Pick<Place, 'path' | 'explanation'>;

/** class-transformer throws for a null that it is to tell the class of, and does not tell those in lists of lists apart. */
function isTold({ choice }: NestedPlan, items: Items): boolean {
  return choice === null || [...items].every(([, item]) => isObject(item));
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
