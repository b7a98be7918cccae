import { caughtBy } from '../enhancers/enhancer-metadata.ts';
import type { ExceptionFilter } from '../enhancers/exception-filter.ts';
import type { Bound, ControllerScope } from '../routing/route.ts';

/** The nearest filter that is for what was thrown; `undefined` where there is none. */
export function filterFor(
  filters: readonly Bound<ExceptionFilter>[] | null,
  scope: ControllerScope | null,
  thrown: unknown,
): ExceptionFilter | undefined {
  for (const { of } of filters ?? []) {
    const filter = of(scope);
    // A connection's own are not made where the making of one of them is what failed.
    if (filter === undefined) continue;
    const caught = caughtBy(filter);
    if (caught.length === 0 || caught.some(type => isInstance(thrown, type))) return filter;
  }
  return undefined;
}

function isInstance(thrown: unknown, type: unknown): boolean {
  try {
    return typeof type === 'function' && thrown instanceof type;
  } catch {
    // Whatever was thrown may throw itself when it is looked at.
    return false;
  }
}
