import type { PropertyShape } from '../dto-shape.ts';
import { joinPath } from '../issue-list.ts';
import { copyUndeclared, isTooWide } from '../undeclared.ts';
import { isUsableDefault } from './convert-value.ts';
import type { ExplainNested } from './explain-nested.ts';
import { explainRule, type RuleContext } from './explain-rule.ts';
import type { Explanation, Place } from './explanation.ts';
import { isSkipped } from './later-check.ts';
import { MISS, type PropertyPlan } from './plan.ts';

/** Finds the issues of one property of an object at `path`. */
export type ExplainProperty = (given: unknown, path: string, explanation: Explanation) => void;

export interface PropertyExplaining {
  readonly context: RuleContext;
  readonly shape: PropertyShape;
  /** What `@ValidateNested()` does; `null` without it. */
  readonly nested: ExplainNested | null;
}

/** Looks at the rules one by one, once it is clear that the value is not right. */
export function explainProperty(explaining: PropertyExplaining): ExplainProperty {
  const { property } = explaining.context;
  const pathBelow = pathsOf(property.name);
  const isFine = takesAsGiven(property) ? null : property.isFine;
  const toChecked = explaining.nested?.toChecked ?? valueReader(explaining);
  const explainValue = valueExplainer(explaining);
  return (given, parentPath, explanation) => {
    const path = pathBelow(parentPath);
    if (explanation.skips?.(path)) return;
    if (isTransformed(property, given)) return explanation.giveUp();
    const value = given === undefined ? initialValue(explaining, explanation) : toChecked(given, explanation);
    if (explanation.isOver || isFine?.(value)) return;
    explainValue({ value, path, failed: [], explanation });
  };
}

/** Puts the path of a property together; below the same object it is the same text. */
function pathsOf(name: string): (parent: string) => string {
  let lastParent = '';
  let last = name;
  return parent => {
    if (parent !== lastParent) {
      last = joinPath(parent, name);
      lastParent = parent;
    }
    return last;
  };
}

/** Whether what passes the rules is what was given, a scalar or a list of them: then `isFine` was asked already. */
export function takesAsGiven({ conversion, hasDefault, transform }: PropertyPlan): boolean {
  return (conversion.kind === 'scalar' || conversion.kind === 'scalars') && !hasDefault && transform === null;
}

/** What the instance holds where nothing was given. */
function initialValue({ context }: PropertyExplaining, explanation: Explanation): unknown {
  const { plan, property } = context;
  if (!property.hasDefault || losesDefault(property)) return undefined;
  const initial: unknown = Reflect.get(new plan.type(), property.name);
  if (property.nestedCheck !== null || !isUsableDefault(property, initial)) explanation.giveUp();
  return initial;
}

/** An exposed property loses the default where its key is absent. */
function losesDefault({ input, keepsDefault }: PropertyPlan): boolean {
  return input.absent === 'undefined' && !keepsDefault;
}

/** Only a `@Transform()` knows what it makes of a value, and each time it may be something else. */
function isTransformed({ transform, input }: PropertyPlan, given: unknown): boolean {
  return transform !== null && (given !== undefined || input.absent === 'undefined');
}

/** What the instance would hold for what was given. */
function valueReader({ context, shape }: PropertyExplaining): ExplainNested['toChecked'] {
  const { property } = context;
  const { convert } = property;
  const read: ExplainNested['toChecked'] = (given, explanation) =>
    explanation.isPrepared ? given : prepared(given, shape, explanation);
  if (takesAsGiven(property)) return read;
  return (given, explanation) => {
    const value = convert(read(given, explanation), 0);
    if (value === MISS) explanation.giveUp();
    return value;
  };
}

/** What the preparation would hand on, where it has nothing to report. */
function prepared(given: unknown, { maxSize }: PropertyShape, explanation: Explanation): unknown {
  if (isScalar(given)) return given;
  const kept = Array.isArray(given) && given.length > maxSize ? given.slice(0, maxSize + 1) : given;
  if (Array.isArray(kept) && kept.every(isScalar)) return kept;
  if (isTooWide(kept)) explanation.wantPreparation();
  return copyUndeclared(kept);
}

function isScalar(value: unknown): boolean {
  return typeof value !== 'object' || value === null;
}

function valueExplainer({ context, nested }: PropertyExplaining): (place: Place) => void {
  const { property, options } = context;
  const { isOptional, conditions } = property;
  const definedRules = property.definedRules.map(rule => explainRule(rule, context));
  const rules = property.rules.map(rule => explainRule(rule, context));
  const stops = options.validator.stopAtFirstError === true;
  if (conditions.length > 0) return ({ explanation }) => explanation.giveUp();
  return place => {
    const { value, failed, explanation } = place;
    if (isOptional && (value === null || value === undefined)) return;
    for (const explain of definedRules) explain(place);
    const isSkippedValue = isSkipped(property, value);
    if (!isSkippedValue) for (const explain of rules) explain(place);
    const descends = nested !== null && !isSkippedValue && !(stops && failed.length > 0);
    // Nobody looks into it any more, but it was prepared and built, and either may have found it wrong.
    if (nested !== null && !descends && typeof value === 'object' && value !== null) explanation.giveUp();
    if (descends) nested.explain(place);
    for (const issue of failed) explanation.issues.add(issue);
    if (descends) nested.descend(place);
  };
}
