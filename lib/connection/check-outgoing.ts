import { Invalid, OutgoingError } from '../errors.ts';
import type { CheckOutgoing } from './connection-route.ts';

/**
 * Checks what the application is about to send, where there is no waiting for the result.
 *
 * @throws OutgoingError when it does not fit. @throws TypeError when the check is asynchronous.
 */
export function checkOutgoing(
  check: CheckOutgoing | null | undefined,
  value: unknown,
  what: string,
): unknown {
  if (check === null || check === undefined) return value;
  const checked = check(value);
  if (checked instanceof Promise) {
    checked.catch(() => {});
    throw new TypeError(`${what} cannot wait for an asynchronous check: return the value from the handler`);
  }
  return fitting(checked, what);
}

/** What a check gave, unless it found issues. @throws OutgoingError */
export function fitting(checked: unknown, what: string): unknown {
  if (checked instanceof Invalid) throw new OutgoingError(`${what} does not fit its type`, checked.issues);
  return checked;
}
