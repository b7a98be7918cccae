import type { CheckOutgoing } from '../connection/connection-route.ts';
import { Invalid } from '../errors.ts';
import type { Route } from './route.ts';

/**
 * What the `@Emits()` of all controllers say of events together, for a publisher, which belongs to none of
 * them. Where two name the same event, data that fits one of them passes.
 */
export function emittedChecks(routes: readonly Route[]): ReadonlyMap<string, CheckOutgoing> {
  const checks = new Map<string, CheckOutgoing>();
  for (const { checksEmitted } of routes) {
    for (const [event, check] of checksEmitted ?? []) {
      const before = checks.get(event);
      checks.set(event, before === undefined ? check : eitherOf(before, check));
    }
  }
  return checks;
}

function eitherOf(first: CheckOutgoing, second: CheckOutgoing): CheckOutgoing {
  return value => {
    try {
      const checked = first(value);
      if (!(checked instanceof Invalid)) return checked;
    } catch {
      // What the first type cannot even read may be the second's.
    }
    return second(value);
  };
}
