import { takesBinary } from './check-hooks.ts';
import { compileBody } from './compile-body.ts';
import { compileConnectionHook, type HookContext } from './compile-hook.ts';
import type { HookPlan, RoutePlan } from './plan.ts';
import type { AuthHook, MessageHandler, Route } from './route.ts';

type Handlers = Pick<Route, 'kind' | 'canEmit' | 'text' | 'binary' | 'events' | 'fallback' | 'auth'>;

/** Prepares the methods that handle messages, by what they handle. */
export function compileHandlers({ hooks }: RoutePlan, context: HookContext): Handlers {
  const plans = hooks.filter(({ hook }) => hook === 'message');
  const auth = hooks.find(({ hook }) => hook === 'auth');
  // A `$auth` is an envelope, also where there are no other messages.
  const isPlain = auth === undefined && plans.every(({ event }) => event === undefined);
  const compile = (plan: HookPlan | undefined): MessageHandler | null => {
    if (plan === undefined) return null;
    const transforms = hooks.filter(({ hook, event }) => hook === 'transformMessage' && isFor(event, plan));
    return compileHandler(plan, transforms, { ...context, isPlain });
  };
  if (isPlain) {
    return {
      kind: 'plain',
      canEmit: plans.length === 0,
      text: compile(plans.find(plan => !takesBinary(plan))),
      binary: compile(plans.find(takesBinary)),
      events: null,
      fallback: null,
      auth: null,
    };
  }
  const named = plans.filter(({ event }) => event !== '*');
  return {
    kind: 'events',
    canEmit: true,
    text: null,
    binary: null,
    events: new Map(named.map(plan => [plan.event ?? '', compile(plan) as MessageHandler])),
    fallback: compile(plans.find(({ event }) => event === '*')),
    auth: auth === undefined ? null : compileAuth(auth, context),
  };
}

function compileAuth(plan: HookPlan, context: HookContext): AuthHook {
  const validate = compileBody(plan, { ...context, isPlain: false });
  return Object.freeze({ ...compileConnectionHook(plan, context), validate });
}

/** Whether a transform declared for an event, or for none, runs before this handler. */
function isFor(event: string | undefined, plan: HookPlan): boolean {
  return event === undefined || event === plan.event;
}

function compileHandler(
  plan: HookPlan,
  transforms: readonly HookPlan[],
  context: HookContext & { readonly isPlain: boolean },
): MessageHandler {
  const bodies = plan.arguments.flatMap(argument => (argument.from === 'body' ? [argument.body] : []));
  return Object.freeze({
    ...compileConnectionHook(plan, context),
    ...context.enhancers.ofHandler(plan),
    event: plan.event ?? '',
    bodies,
    decode: decodingOf(bodies),
    validate: compileBody(plan, context),
    limit: plan.rateLimit,
    transforms: transforms.length === 0 ? null : transforms.map(hook => compileConnectionHook(hook, context)),
  });
}

/** How a plain handler's body is got: JSON unless it takes the whole frame as text or bytes, or nothing of it. */
function decodingOf(bodies: MessageHandler['bodies']): MessageHandler['decode'] {
  const [only] = bodies;
  if (only === undefined) return 'text';
  if (bodies.length > 1 || only.key !== undefined) return 'json';
  return only.type.kind === 'text' || only.type.kind === 'bytes' ? only.type.kind : 'json';
}
