import type { DtoShapes } from '../dto-shapes.ts';
import type { Plain } from '../undeclared.ts';
import { hasWideIgnored } from './build-parts.ts';
import { explainNested } from './explain-nested.ts';
import { explainProperty } from './explain-property.ts';
import { walkOf } from './explain-walk.ts';
import type { ExplainObject, Explanation } from './explanation.ts';
import type { TextContext } from './failure-text.ts';
import type { ClassPlan } from './plan.ts';

/** Finds the issues of a whole value. */
export type Explain = (plan: ClassPlan, value: unknown, explanation: Explanation) => void;

export interface ExplainContext extends TextContext {
  readonly shapes: DtoShapes;
  /** Whether no code is to be generated. */
  readonly usesClosures: boolean;
}

/** What a class needs for it is made when the first value fails: to most of them that never happens. */
export function explainer(context: ExplainContext): Explain {
  const known = new WeakMap<ClassPlan, ExplainObject>();
  const explainerOf = (plan: ClassPlan): ExplainObject => {
    const explain = known.get(plan) ?? explainClass(plan, context, explainerOf);
    known.set(plan, explain);
    return explain;
  };
  return (plan, value, explanation) => {
    try {
      explainerOf(plan)(value as Plain, '', explanation);
    } catch {
      explanation.giveUp();
    }
  };
}

function explainClass(
  plan: ClassPlan,
  context: ExplainContext,
  explainerOf: (plan: ClassPlan) => ExplainObject,
): ExplainObject {
  const { properties: shapes } = context.shapes.of(plan.type);
  const explainers = plan.properties.map(property => {
    const shape = shapes.get(property.name);
    if (shape === undefined) throw new Error(`${plan.type.name}.${property.name} has a plan but no shape`);
    const ownContext = { ...context, plan, property };
    const { conversion } = property;
    const nested =
      conversion.kind === 'nested'
        ? explainNested({ context: ownContext, shape, nested: conversion.nested, explainerOf })
        : null;
    return explainProperty({ context: ownContext, shape, nested });
  });
  const walk = walkOf(plan, explainers, context.usesClosures);
  return (value, path, explanation) => {
    if (!explanation.isPrepared && needsPreparation(plan, value)) explanation.wantPreparation();
    else if (isConverted(plan, value)) explanation.giveUp();
    else walk(value, path, explanation);
  };
}

/** Whether there is more to an object than what is read of it; under `strip`, nobody looks at what is not declared. */
function needsPreparation(plan: ClassPlan, value: unknown): boolean {
  const { unknown, keys } = plan;
  if (typeof value !== 'object' || value === null) return true;
  if (Object.getPrototypeOf(value) !== Object.prototype) return true;
  if (hasWideIgnored(plan, value as Plain)) return true;
  return unknown !== 'strip' && !Object.keys(value).every(key => keys.has(key));
}

/** Whether class-transformer has more to do with what is not declared than to copy it: it may throw. */
function isConverted({ unknown, keys, isSpecial }: ClassPlan, value: Plain): boolean {
  return unknown === 'keep' && Object.keys(value).some(key => !keys.has(key) && isSpecial(key));
}
