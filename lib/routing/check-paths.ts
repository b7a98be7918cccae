import type { Mistake } from '../errors.ts';
import { pathShapes } from './path-pattern.ts';
import type { RoutePlan } from './plan.ts';

/** Reports two controllers that would serve the same paths: `/a/:x` and `/a/:y` do. */
export function checkPaths(plans: readonly RoutePlan[], mistakes: Mistake[]): void {
  const taken = new Map<string, RoutePlan>();
  for (const plan of plans) {
    for (const shape of pathShapes(plan.pattern)) {
      const before = taken.get(shape);
      if (before === undefined) taken.set(shape, plan);
      else if (before !== plan) mistakes.push(duplicatePath(before, plan));
    }
  }
}

function duplicatePath(before: RoutePlan, plan: RoutePlan): Mistake {
  const isSame = before.pattern.path === plan.pattern.path;
  return {
    code: 'GATEWIRE_DUPLICATE_PATH',
    where: plan.controller.name,
    what: `its path "${plan.pattern.path}" ${isSame ? 'is already that' : `matches what "${before.pattern.path}" matches, the path`} of ${before.controller.name}`,
    fix: 'Change one of the two paths, or put the handlers into one controller',
  };
}
