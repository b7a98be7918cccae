import type { HookName } from '../metadata/controller-metadata.ts';
import type { Validation } from '../validation/validation.ts';
import { compileHandlers } from './compile-handlers.ts';
import { compileConnectionHook, compileUpgradeHook, type HookContext } from './compile-hook.ts';
import { compileSlots } from './compile-slots.ts';
import { parseOrigins } from './origins.ts';
import type { HookPlan, RoutePlan } from './plan.ts';
import { tokenLimit } from './rate-limits.ts';
import type { ResolvedOptions } from './resolve-options.ts';
import type { Route } from './route.ts';
import { type EnhancerParts, RouteEnhancers } from './route-enhancers.ts';

/** What a plan becomes a Route with. */
export interface RouteParts {
  readonly options: ResolvedOptions;
  readonly validation: Validation;
  readonly enhancers: EnhancerParts;
}

/** A Route without the controller whose hooks it calls. */
export type CompiledRoute = Omit<Route, 'instance' | 'openScope'>;

/** Compiles a checked plan into the record that is served. */
export function compileRoute(plan: RoutePlan, parts: RouteParts): CompiledRoute {
  const { options, validation } = parts;
  const enhancers = new RouteEnhancers(plan, parts.enhancers);
  const bounds = { depth: options.maxDepth, nodes: options.maxNodes, keys: options.maxKeys };
  const context: HookContext = { slots: plan.slots, validation, bounds, enhancers };
  const hooks = compileHooks(plan, context);
  const handlers = compileHandlers(plan, context);
  return {
    ...handlers,
    ...hooks,
    unhandled: enhancers.ofClass('message'),
    upgrading: enhancers.ofClass('beforeHandle'),
    guards: enhancers.guards,
    context: enhancers.context,
    keepsRequest: keepsRequest(plan, enhancers),
    name: plan.controller.name,
    path: plan.pattern.path,
    pattern: plan.pattern,
    controller: plan.controller,
    options,
    bounds,
    ...compileLimits(options, handlers),
    allowsOrigin: parseOrigins(options.origins) ?? null,
    slots: compileSlots(plan.slots, enhancers),
    headers: headerPairs(options.headers),
    checkSent: handlers.text?.returns ?? null,
    checksEmitted: plan.emits.size === 0 ? null : compileEmits(plan.emits, validation),
    backpressureLimit: options.backpressureLimit,
    maxTopics: options.maxTopics,
    dropsFrames: options.slowConsumer === 'drop',
    publishToSelf: options.publishToSelf,
    compress: options.perMessageDeflate !== false,
  };
}

/** A limiter of the user's own is asked in the turn of each message; what is counted here is counted as it comes in. */
function compileLimits(
  { rateLimit }: ResolvedOptions,
  { text, binary, events, fallback }: ReturnType<typeof compileHandlers>,
): Pick<Route, 'limit' | 'limiter' | 'countsMessages'> {
  const limit = rateLimit === false ? null : tokenLimit(rateLimit);
  const limiter = (rateLimit !== false && rateLimit.limiter) || null;
  const handlers = [text, binary, fallback, ...(events?.values() ?? [])];
  const isAnyLimited = limit !== null || handlers.some(handler => handler !== null && handler.limit !== null);
  return { limit, limiter, countsMessages: limiter === null && isAnyLimited };
}

type Hooks = Pick<
  Route,
  | 'parse'
  | 'transform'
  | 'beforeHandle'
  | 'upgradeHeaders'
  | 'open'
  | 'drain'
  | 'ping'
  | 'pong'
  | 'close'
  | 'error'
  | 'parseMessage'
>;

function compileHooks({ hooks }: RoutePlan, context: HookContext): Hooks {
  const all = <Compiled>(name: HookName, compile: (plan: HookPlan, context: HookContext) => Compiled) => {
    const plans = hooks.filter(({ hook }) => hook === name);
    return plans.length === 0 ? null : plans.map(plan => Object.freeze(compile(plan, context)));
  };
  const single = (name: HookName) => all(name, compileConnectionHook)?.[0] ?? null;
  return {
    parse: all('parse', compileUpgradeHook),
    transform: all('transform', compileUpgradeHook),
    beforeHandle: all('beforeHandle', compileUpgradeHook),
    upgradeHeaders: all('upgradeHeaders', compileUpgradeHook),
    open: single('open'),
    drain: single('drain'),
    ping: single('ping'),
    pong: single('pong'),
    close: single('close'),
    error: single('error'),
    parseMessage: all('parseMessage', compileConnectionHook),
  };
}

/** Whether something that runs after the upgrade may ask for the request by its `ExecutionContext`. */
function keepsRequest({ hooks }: RoutePlan, enhancers: RouteEnhancers): boolean {
  // A bad frame goes to the filters of the class, where there is no hook too.
  if (enhancers.context !== null || enhancers.ofClass('message').filters !== null) return true;
  return hooks
    .filter(plan => enhancers.ofHook(plan).callee.phase !== 'upgrade')
    .some(plan => {
      const { filters, interceptors } = enhancers.ofHook(plan);
      const hasGuards = plan.hook === 'message' && enhancers.ofHandler(plan).guards !== null;
      const hasCustom = plan.arguments.some(({ from }) => from === 'custom');
      return hasGuards || hasCustom || filters !== null || interceptors !== null;
    });
}

function compileEmits(emits: RoutePlan['emits'], validation: Validation): Route['checksEmitted'] {
  return new Map([...emits].map(([event, type]) => [event, validation.outgoing(type).validate]));
}

function headerPairs(headers: ResolvedOptions['headers']): Route['headers'] {
  const pairs = Object.entries(headers).flatMap(([name, given]) => {
    const values: readonly string[] = typeof given === 'string' ? [given] : given;
    return values.map(value => [name, value] as const);
  });
  return pairs.length === 0 ? null : pairs;
}
