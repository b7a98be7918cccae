import { gatherIssues } from '../validation/validation.ts';
import { below } from './compile-body.ts';
import { checkedType, failingAs } from './compile-dto.ts';
import type { SlotPlan } from './plan.ts';
import type { Slot, Slots } from './route.ts';
import type { ParameterValidation, RouteEnhancers } from './route-enhancers.ts';

/** Prepares what hooks take from the upgrade request; `null` where they take nothing. */
export function compileSlots(plans: readonly SlotPlan[], enhancers: RouteEnhancers): Slots | null {
  if (plans.length === 0) return null;
  const list = plans.map((plan): Slot => {
    const { name, key, type, isKept } = plan;
    const pipes = enhancers.pipes(plan, name === 'params' ? 'param' : name, key);
    return Object.freeze({
      name,
      key,
      type,
      isKept,
      validate: compileSlotCheck(plan, enhancers.validation(plan)),
      pipes,
    });
  });
  return Object.freeze({ list, kept: keptOf(plans), gather: gatherIssues });
}

function keptOf(plans: readonly SlotPlan[]): Slots['kept'] {
  if (plans.every(({ isKept }) => isKept)) return 'all';
  return plans.some(({ isKept }) => isKept) ? 'some' : 'none';
}

function compileSlotCheck({ name, key, type }: SlotPlan, chosen: ParameterValidation): Slot['validate'] {
  const { validation } = chosen;
  if (type.kind === 'raw') return null;
  if (type.kind === 'scalar') return validation.scalar(type.type, key ?? '').validate;
  // Every client sends headers and cookies that are not the DTO's.
  const stripsUnknown = name === 'headers' || name === 'cookies';
  const dto = checkedType(chosen, type.type);
  if (key === undefined) return failingAs(chosen, validation.text(dto, { stripsUnknown }).validate);
  const { validate } = validation.json(dto);
  return failingAs(chosen, value => below(key, validate(value)));
}
