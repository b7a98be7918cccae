import type { HookName } from '../metadata/controller-metadata.ts';
import type { Validation } from '../validation/validation.ts';
import { compileHandlers } from './compile-handlers.ts';
import { compileConnectionHook, compileUpgradeHook, type HookContext } from './compile-hook.ts';
import { compileSlots } from './compile-slots.ts';
import { parseOrigins } from './origins.ts';
import type { HookPlan, RoutePlan } from './plan.ts';
import type { ResolvedOptions } from './resolve-options.ts';
import type { Route } from './route.ts';

/** What a plan becomes a Route with. */
export interface RouteParts {
  readonly instance: Route['instance'];
  readonly openScope: Route['openScope'];
  readonly options: ResolvedOptions;
  readonly validation: Validation;
}

/** Compiles a checked plan into the frozen record that is served. */
export function compileRoute(plan: RoutePlan, parts: RouteParts): Route {
  const { instance, openScope, options, validation } = parts;
  const context: HookContext = { slots: plan.slots, validation };
  const handlers = compileHandlers(plan, context);
  return Object.freeze({
    ...handlers,
    ...compileHooks(plan, context),
    name: plan.controller.name,
    path: plan.pattern.path,
    pattern: plan.pattern,
    controller: plan.controller,
    instance,
    openScope,
    options,
    allowsOrigin: parseOrigins(options.origins) ?? null,
    slots: compileSlots(plan.slots, validation),
    headers: headerPairs(options.headers),
    checkSent: handlers.text?.returns ?? null,
    checksEmitted: plan.emits.size === 0 ? null : compileEmits(plan.emits, validation),
    backpressureLimit: options.backpressureLimit,
    dropsFrames: options.slowConsumer === 'drop',
    publishToSelf: options.publishToSelf,
    compress: options.perMessageDeflate !== false,
  });
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
