import type { DtoShapes } from '../dto-shapes.ts';
import type { Plain } from '../undeclared.ts';
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
    else walk(value, path, explanation);
  };
}

/** Whether there is more to an object than what the DTO declares; under `strip`, nobody looks at the rest. */
function needsPreparation({ unknown, names }: ClassPlan, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (Object.getPrototypeOf(value) !== Object.prototype) return true;
  return unknown !== 'strip' && !Object.keys(value).every(key => names.has(key));
}
