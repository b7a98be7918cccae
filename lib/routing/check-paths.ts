import type { Mistake } from '../errors.ts';
import { pathShapes } from './path-pattern.ts';
import type { RoutePlan } from './plan.ts';

/** Reports controllers that would serve the same paths: `/a/:x` and `/a/:y` do, `/a/:x?` and `/a` too. */
export function checkPaths(plans: readonly RoutePlan[], mistakes: Mistake[]): void {
  const taken = new Map<string, RoutePlan>();
  for (const plan of plans) {
    const reported = new Set<RoutePlan>();
    for (const shape of pathShapes(plan.pattern)) {
      const before = taken.get(shape);
      if (before === undefined) taken.set(shape, plan);
      else if (!reported.has(before)) mistakes.push(duplicatePath(before, plan, shape));
      if (before !== undefined) reported.add(before);
    }
  }
}

function duplicatePath(before: RoutePlan, plan: RoutePlan, shape: string): Mistake {
  if (before.controller === plan.controller) return listedTwice(before, plan);
  const { path } = plan.pattern;
  const other = before.pattern.path;
  const { name } = before.controller;
  return {
    code: 'GATEWIRE_DUPLICATE_PATH',
    where: plan.controller.name,
    what:
      path === other
        ? `its path "${path}" is the path of ${name} too`
        : `its path "${path}" and "${other}" of ${name} both match "${exampleOf(shape)}"`,
    ...foundAt(before, plan),
    fix: fixOf(before, plan),
  };
}

function foundAt(...plans: readonly RoutePlan[]): Pick<Mistake, 'got'> {
  const sites = [...new Set(plans.flatMap(({ site }) => site.describe() ?? []))];
  return sites.length === 0 ? {} : { got: sites.join(' and ') };
}

function listedTwice(before: RoutePlan, { controller, module }: RoutePlan): Mistake {
  return {
    code: 'GATEWIRE_DUPLICATE_PATH',
    where: controller.name,
    what: `it is listed in the controllers of ${before.module.name} and of ${module.name}`,
    fix: 'List it in one of them',
  };
}

function fixOf({ controller: before }: RoutePlan, { controller }: RoutePlan): string {
  const child = [controller, before].find(
    (type, at) => type.prototype instanceof ([before, controller][at] as typeof type),
  );
  if (child !== undefined) return `Give ${child.name} a @WebSocketRoute() with a path of its own`;
  return 'Change one of the two paths, or put the handlers into one controller';
}

/** `a/:` as a path: `/a/…`. */
function exampleOf(shape: string): string {
  const segments = shape.split('/').map(segment => (segment === ':' ? '…' : segment));
  return `/${segments.join('/')}`;
}
