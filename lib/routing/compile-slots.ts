import { gatherIssues, type Validation } from '../validation/validation.ts';
import { below } from './compile-body.ts';
import type { SlotPlan } from './plan.ts';
import type { Slot, Slots } from './route.ts';
import type { RouteEnhancers } from './route-enhancers.ts';

/** Prepares what hooks take from the upgrade request; `null` where they take nothing. */
export function compileSlots(
  plans: readonly SlotPlan[],
  validation: Validation,
  enhancers: RouteEnhancers,
): Slots | null {
  if (plans.length === 0) return null;
  const list = plans.map((plan): Slot => {
    const { name, key, type, isKept } = plan;
    const pipes = enhancers.pipes(plan, name === 'params' ? 'param' : name, key);
    return Object.freeze({ name, key, type, isKept, validate: compileSlotCheck(plan, validation), pipes });
  });
  return Object.freeze({ list, kept: keptOf(plans), gather: gatherIssues });
}

function keptOf(plans: readonly SlotPlan[]): Slots['kept'] {
  if (plans.every(({ isKept }) => isKept)) return 'all';
  return plans.some(({ isKept }) => isKept) ? 'some' : 'none';
}

function compileSlotCheck({ name, key, type }: SlotPlan, validation: Validation): Slot['validate'] {
  if (type.kind === 'raw') return null;
  if (type.kind === 'scalar') return validation.scalar(type.type, key ?? '').validate;
  // Every client sends headers and cookies that are not the DTO's.
  const stripsUnknown = name === 'headers' || name === 'cookies';
  if (key === undefined) return validation.text(type.type, { stripsUnknown }).validate;
  const { validate } = validation.json(type.type);
  return value => below(key, validate(value));
}
