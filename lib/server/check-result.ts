import { fitting } from '../connection/check-outgoing.ts';
import { EventReply } from '../connection/event-reply.ts';
import type { ConnectionHook } from '../routing/route.ts';

/**
 * Checks and serialises what a hook gave by its `@Returns()`; a promise only where the check is asynchronous.
 *
 * @throws OutgoingError, also as a rejection, when it does not fit: the hook's failure, not the client's.
 */
export function checkResult({ returns, where }: ConnectionHook, result: unknown): unknown {
  if (returns === null) return result;
  const isReply = result instanceof EventReply;
  const finish = (checked: unknown) => {
    const value = fitting(checked, `what ${where} returned`);
    return isReply ? new EventReply(result.event, value) : value;
  };
  const checked = returns(isReply ? result.data : result);
  return checked instanceof Promise ? checked.then(finish) : finish(checked);
}
