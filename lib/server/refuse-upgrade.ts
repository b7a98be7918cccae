import type { Handshake } from '../connection/handshake.ts';
import { ExecutionContext } from '../enhancers/execution-context.ts';
import { type DescribedError, describeError } from '../enhancers/wire-error.ts';
import { isPromise } from '../routing/is-promise.ts';
import type { ControllerScope, FailingHook } from '../routing/route.ts';
import { failureOf } from './around.ts';
import { filterFor } from './filters.ts';
import type { ServedRoute, Thrown } from './host.ts';
import { refusal } from './refusal.ts';

/** The upgrade that is refused. */
export interface RefusedUpgrade {
  readonly route: ServedRoute;
  readonly handshake: Handshake;
  readonly scope: ControllerScope | null;
  /** Whether it was refused while a hook was running. */
  readonly isOver: boolean;
}

/** Whatever was thrown on the way becomes a response; the server's own faults without their text. */
export function refuseThrown(
  upgrade: RefusedUpgrade,
  hook: FailingHook,
  thrown: unknown,
): Response | Promise<Response> {
  const described = describeError(thrown);
  log(upgrade, hook, { thrown, isExpected: described.isExpected });
  upgrade.route.tracing?.fail(failureOf({ thrown, described }));
  return refuseTold(upgrade, hook, { thrown, described });
}

/** Answers with what the nearest filter gives for what was thrown; a `Response`, else the default. */
export function refuseTold(
  upgrade: RefusedUpgrade,
  hook: FailingHook,
  { thrown, described }: { readonly thrown: unknown; readonly described: DescribedError },
): Response | Promise<Response> {
  const answer = (result?: unknown) =>
    result instanceof Response ? result : refusal(described.status, described.error);
  const failed = (second: unknown) => {
    if (second !== thrown) log(upgrade, filterOf(hook), { thrown: second, isExpected: false });
    return answer();
  };
  try {
    const filter = filterFor(hook.filters, upgrade.scope, thrown);
    if (filter === undefined) return answer();
    const host = new ExecutionContext(hook.callee, { handshake: upgrade.handshake, connection: null });
    const result = filter.catch(thrown, host);
    return isPromise(result) ? Promise.resolve(result).then(answer, failed) : answer(result);
  } catch (second) {
    return failed(second);
  }
}

function filterOf(hook: FailingHook): FailingHook {
  return { ...hook, where: `the filter of ${hook.where}` };
}

function log({ route, handshake, isOver }: RefusedUpgrade, { where }: FailingHook, thrown: Thrown): void {
  const facts = { connection: handshake.id, route: route.name, hook: where };
  // A hook that gives up because it was told to has nothing to report.
  if (isOver && isAbort(thrown.thrown)) return route.host.logger.debug(facts, `${where} was given up`);
  route.host.logThrown(where, facts, thrown);
}

function isAbort(thrown: unknown): boolean {
  return thrown instanceof DOMException && thrown.name === 'AbortError';
}
