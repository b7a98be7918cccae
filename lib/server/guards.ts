import type { CanActivate } from '../enhancers/can-activate.ts';
import type { ExecutionContext } from '../enhancers/execution-context.ts';
import { ForbiddenException } from '../enhancers/http-exceptions.ts';
import { isObservable, lastValue, ObservableValues } from '../enhancers/observable.ts';
import { isPromise } from '../routing/is-promise.ts';
import type { Bound, ControllerScope } from '../routing/route.ts';
import { keepSession, letsIn } from './session.ts';

/** What guards are asked about. */
export interface Asking {
  readonly scope: ControllerScope | null;
  readonly context: ExecutionContext;
  /** The upgrade or the message; once it is over, because a guard took too long, no further one is asked. */
  readonly about: { readonly isOver: boolean };
}

/**
 * Asks guards one after another, synchronously as long as they answer so. The first that does not let it go on
 * ends the asking.
 *
 * @throws what a guard threw, `ForbiddenException` for a refusal; also as a rejection
 */
export function askGuards(
  guards: readonly Bound<CanActivate>[],
  asking: Asking,
  from = 0,
): void | Promise<void> {
  const { scope, context } = asking;
  for (let at = from; at < guards.length; at++) {
    const answer: unknown = guards[at]?.of(scope).canActivate(context);
    if (typeof answer === 'object' && answer !== null) {
      const later = isObservable(answer)
        ? lastValue(new ObservableValues(answer))
        : isPromise(answer)
          ? answer
          : undefined;
      if (later !== undefined) return askLater(later, guards, asking, at);
    }
    judge(answer, context);
  }
}

async function askLater(
  answer: PromiseLike<unknown>,
  guards: readonly Bound<CanActivate>[],
  asking: Asking,
  at: number,
): Promise<void> {
  const settled = await answer;
  const judged = isObservable(settled) ? await lastValue(new ObservableValues(settled)) : settled;
  if (asking.about.isOver) return;
  judge(judged, asking.context);
  await askGuards(guards, asking, at + 1);
}

function judge(answer: unknown, context: ExecutionContext): void {
  if (!letsIn(answer)) throw new ForbiddenException();
  keepSession(answer, context.getHandshake(), context.getArgByIndex(0));
}
