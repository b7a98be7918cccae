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
    const { validate, names = null } = compileSlotCheck(plan, enhancers.validation(plan));
    return Object.freeze({ name, key, names: pickable(name, names), type, isKept, validate, pipes });
  });
  return Object.freeze({ list, kept: keptOf(plans), gather: gatherIssues });
}

function keptOf(plans: readonly SlotPlan[]): Slots['kept'] {
  if (plans.every(({ isKept }) => isKept)) return 'all';
  return plans.some(({ isKept }) => isKept) ? 'some' : 'none';
}

/** A header of whose name any other spelling, or none, is possible is looked up among all of them. */
const HEADER_NAME = /^(?!set-cookie$)[a-z0-9!#$%&'*+.^_`|~-]+$/;

function pickable(slot: SlotPlan['name'], names: Slot['names']): Slot['names'] {
  const isPicked = slot === 'query' || (slot === 'headers' && names?.every(name => HEADER_NAME.test(name)));
  return isPicked ? names : null;
}

type SlotCheck = Pick<Slot, 'validate'> & Partial<Pick<Slot, 'names'>>;

function compileSlotCheck({ name, key, type }: SlotPlan, chosen: ParameterValidation): SlotCheck {
  const { validation } = chosen;
  const names = key === undefined ? null : [key];
  if (type.kind === 'raw') return { validate: null, names };
  if (type.kind === 'scalar') return { validate: validation.scalar(type.type, key ?? '').validate, names };
  // Every client sends headers and cookies that are not the DTO's.
  const stripsUnknown = name === 'headers' || name === 'cookies';
  const dto = checkedType(chosen, type.type);
  if (key === undefined) {
    const text = validation.text(dto, { stripsUnknown });
    return { ...text, validate: failingAs(chosen, text.validate) };
  }
  const { validate } = validation.json(dto);
  return { validate: failingAs(chosen, value => below(key, validate(value))), names };
}
