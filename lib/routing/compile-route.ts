import type { HookName } from '../metadata/controller-metadata.ts';
import type { Validation } from '../validation/validation.ts';
import { takesBinary } from './check-hooks.ts';
import { below, compileBody } from './compile-body.ts';
import { compileConnectionHook, compileUpgradeHook } from './compile-hook.ts';
import { parseOrigins } from './origins.ts';
import type { HookPlan, RoutePlan, SlotPlan } from './plan.ts';
import type { ResolvedOptions } from './resolve-options.ts';
import type { MessageHandler, Route, Slot } from './route.ts';

/** What a plan becomes a Route with. */
export interface RouteParts {
  readonly instance: object;
  readonly options: ResolvedOptions;
  readonly validation: Validation;
}

/** Compiles a checked plan into the frozen record that is served. */
export function compileRoute(plan: RoutePlan, { instance, options, validation }: RouteParts): Route {
  const handlers = compileHandlers(plan, validation);
  return Object.freeze({
    ...handlers,
    ...compileHooks(plan),
    name: plan.controller.name,
    path: plan.pattern.path,
    pattern: plan.pattern,
    controller: plan.controller,
    instance,
    options,
    allowsOrigin: parseOrigins(options.origins) ?? null,
    slots: plan.slots.length === 0 ? null : plan.slots.map(slot => compileSlot(slot, validation)),
    backpressureLimit: options.backpressureLimit,
    publishToSelf: options.publishToSelf,
    compress: false,
  });
}

type Hooks = Pick<Route, 'beforeHandle' | 'open' | 'drain' | 'ping' | 'pong' | 'close' | 'error'>;

function compileHooks({ hooks, slots }: RoutePlan): Hooks {
  const before = hooks.filter(({ hook }) => hook === 'beforeHandle');
  const single = (name: HookName) => {
    const plan = hooks.find(({ hook }) => hook === name);
    return plan === undefined ? null : compileConnectionHook(plan, slots);
  };
  return {
    beforeHandle: before.length === 0 ? null : before.map(plan => compileUpgradeHook(plan, slots)),
    open: single('open'),
    drain: single('drain'),
    ping: single('ping'),
    pong: single('pong'),
    close: single('close'),
    error: single('error'),
  };
}

type Handlers = Pick<Route, 'kind' | 'canEmit' | 'text' | 'binary' | 'events' | 'fallback'>;

function compileHandlers({ hooks, slots }: RoutePlan, validation: Validation): Handlers {
  const plans = hooks.filter(({ hook }) => hook === 'message');
  const isPlain = plans.every(({ event }) => event === undefined);
  const compile = (plan: HookPlan | undefined): MessageHandler | null =>
    plan === undefined ? null : compileHandler(plan, slots, { isPlain, validation });
  if (isPlain) {
    return {
      kind: 'plain',
      canEmit: plans.length === 0,
      text: compile(plans.find(plan => !takesBinary(plan))),
      binary: compile(plans.find(takesBinary)),
      events: null,
      fallback: null,
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
  };
}

function compileHandler(
  plan: HookPlan,
  slots: readonly SlotPlan[],
  { isPlain, validation }: { readonly isPlain: boolean; readonly validation: Validation },
): MessageHandler {
  return Object.freeze({
    ...compileConnectionHook(plan, slots),
    event: plan.event ?? '',
    decode: decodingOf(plan),
    validate: compileBody(plan, isPlain, validation),
  });
}

/** How a plain handler's body is got: JSON unless it takes the whole frame as text or bytes, or nothing of it. */
function decodingOf(plan: HookPlan): MessageHandler['decode'] {
  const bodies = plan.arguments.flatMap(argument => (argument.from === 'body' ? [argument.body] : []));
  const [only] = bodies;
  if (only === undefined) return 'text';
  if (bodies.length > 1 || only.key !== undefined) return 'json';
  return only.type.kind === 'text' || only.type.kind === 'bytes' ? only.type.kind : 'json';
}

function compileSlot(plan: SlotPlan, validation: Validation): Slot {
  const { name, key, isKept } = plan;
  return Object.freeze({ name, key, isKept, validate: compileSlotCheck(plan, validation) });
}

function compileSlotCheck({ name, key, type }: SlotPlan, validation: Validation): Slot['validate'] {
  if (type.kind === 'raw') return null;
  if (type.kind === 'scalar') return validation.scalar(type.type, key ?? '').validate;
  // Every client sends headers and cookies that are not the DTO's.
  const stripsUnknown = name === 'headers' || name === 'cookies';
  if (key === undefined) return validation.text(type.type, { stripsUnknown }).validate;
  const { validate } = validation.json(type.type);
  return value => below(key, validate(value));
}
