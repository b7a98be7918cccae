import type { Server } from 'bun';
import type { Connection } from '../connection/connection.ts';
import type { Handshake } from '../connection/handshake.ts';
import { ExecutionContext } from '../enhancers/execution-context.ts';
import { isPromise } from '../routing/is-promise.ts';
import type { ControllerScope, UpgradeHook } from '../routing/route.ts';
import type { Place } from './admission.ts';
import type { ServedRoute } from './host.ts';
import { intercept } from './interceptors.ts';
import { refuseThrown } from './refuse-upgrade.ts';

/** Bun's answer to a request: nothing once it was upgraded. */
export type Answer = Response | undefined;

/** One upgrade request on its way. */
export interface Upgrade {
  readonly route: ServedRoute;
  readonly request: Request;
  readonly server: Server<Connection>;
  readonly handshake: Handshake;
  /** Whether the client offers subprotocols, and so waits for the answer which. */
  readonly offersSubprotocol: boolean;
  /** Of this connection alone, where its controller is. */
  scope: ControllerScope | null;
  /** Whose hooks run. */
  controller: object;
  /** Of the 101; made when the first is known. */
  headers: Headers | null;
  /** What it takes of its address's; `null` where nobody counts. */
  readonly place: Place | null;
  /** Whether it was refused while a hook was running. */
  isOver: boolean;
}

/** Answers nobody: the upgrade was refused while a hook was running. */
const GONE = new Response(null, { status: 503 });

/** A part of the way of an upgrade: refuses with a response, or lets go on. */
export type Step = (current: Upgrade) => Answer | Promise<Answer>;

/** Runs steps one after another; what none of them foresaw refuses the upgrade too, with the route's name in the log. */
export function runSteps(current: Upgrade, steps: readonly Step[], at = 0): Answer | Promise<Answer> {
  try {
    for (let next = at; next < steps.length; next++) {
      const answer = (steps[next] as Step)(current);
      if (answer instanceof Promise) return goOn(current, steps, next + 1, answer);
      if (answer !== undefined) return answer;
    }
  } catch (error) {
    return refuseThrown(current, current.route.upgrading, error);
  }
  return undefined;
}

function goOn(
  current: Upgrade,
  steps: readonly Step[],
  next: number,
  answer: Promise<Answer>,
): Promise<Answer> {
  return answer.then(
    refused => refused ?? (current.isOver ? GONE : runSteps(current, steps, next)),
    error => refuseThrown(current, current.route.upgrading, error),
  );
}

/** Uses what a hook returned; it may refuse or throw. */
export type Take = (current: Upgrade, hook: UpgradeHook, result: unknown) => Answer;

/** Runs hooks one after another. */
export function runHooks(
  current: Upgrade,
  hooks: readonly UpgradeHook[] | null,
  take: Take,
  at = 0,
): Answer | Promise<Answer> {
  const hook = hooks?.[at];
  if (hook === undefined) return undefined;
  const next = (result: unknown) =>
    current.isOver ? GONE : (take(current, hook, result) ?? runHooks(current, hooks, take, at + 1));
  try {
    const result =
      hook.interceptors === null ? invoke(current, hook) : interceptHook(current, hook, hook.interceptors);
    if (!isPromise(result)) return next(result);
    return Promise.resolve(result)
      .then(next)
      .catch(error => refuseThrown(current, hook, error));
  } catch (error) {
    return refuseThrown(current, hook, error);
  }
}

function invoke({ controller, handshake, route }: Upgrade, hook: UpgradeHook): unknown {
  route.host.loop.called = hook;
  return hook.invoke(controller, handshake, undefined, undefined);
}

function interceptHook(
  current: Upgrade,
  hook: UpgradeHook,
  interceptors: NonNullable<UpgradeHook['interceptors']>,
): Promise<unknown> {
  const { handshake, scope, route } = current;
  const report = (thrown: unknown) => {
    const facts = { connection: handshake.id, route: route.name, hook: hook.where };
    route.host.logThrown(hook.where, facts, { thrown, isExpected: false });
  };
  const context = new ExecutionContext(hook.callee, { handshake, connection: null });
  return intercept({ interceptors, scope, context, report }, () => invoke(current, hook));
}

/** The headers of the 101, with those that the route always sends. */
export function headersOf(current: Upgrade): Headers {
  current.headers ??= new Headers((current.route.headers ?? []) as [string, string][]);
  return current.headers;
}
