import type { Mistake } from '../errors.ts';
import {
  type ControllerClass,
  type ControllerMetadata,
  controllerMetadata,
  type HookDeclaration,
} from '../metadata/controller-metadata.ts';
import { methodEnhancers } from '../metadata/decorated-methods.ts';
import type { RouteOptionsFactory } from '../metadata/route-options.ts';
import { parameterTypes } from '../reflected-types.ts';
import type { ValueType } from '../validation/validation.ts';
import type { Parameter } from './argument-context.ts';
import { resolveType } from './body-type.ts';
import {
  checkAuth,
  checkMessageHandlers,
  checkParameters,
  checkReturns,
  checkSingleHooks,
  checkTransforms,
} from './check-hooks.ts';
import { type PathPattern, parsePath } from './path-pattern.ts';
import type { HookPlan, OptionsPlan, RoutePlan, ScannedController } from './plan.ts';
import { planArguments } from './plan-arguments.ts';
import { SlotPlanner } from './plan-slots.ts';
import { checkRateLimits, rateLimitOf } from './rate-limits.ts';
import { type ResolvedOptions, resolveOptions } from './resolve-options.ts';

const AsyncFunction = (async () => {}).constructor as new () => object;

/** Reads and checks one controller; `undefined` where it has no path to serve. Every mistake is reported. */
export function planRoute(
  { type: controller, module }: ScannedController,
  defaults: ResolvedOptions,
  mistakes: Mistake[],
): RoutePlan | undefined {
  const metadata = controllerMetadata(controller);
  // An ancestor's mistakes are there already where it is a controller itself.
  mistakes.push(...metadata.mistakes.filter(mistake => !mistakes.includes(mistake)));
  if (metadata.route === undefined) {
    mistakes.push(notAController(controller, module));
    return undefined;
  }
  const pattern = parsePath(metadata.route.path);
  if (typeof pattern === 'string') {
    mistakes.push(invalidPath(controller, metadata.route.path, pattern));
    return undefined;
  }
  const options = planOptions(controller, metadata.route.options, { defaults, mistakes });
  if (metadata.mistakes.some(({ code }) => code === 'GATEWIRE_STANDARD_DECORATORS')) return undefined;
  if (!hasTypeMetadata(controller, metadata)) {
    mistakes.push(noTypeMetadata(controller));
    return undefined;
  }
  const { site } = metadata.route;
  return {
    controller,
    module,
    site,
    pattern,
    options,
    ...planHooks(controller, pattern, { metadata, mistakes }),
  };
}

/** Options that a factory makes are checked once its providers exist; all others now. */
function planOptions(
  { name }: ControllerClass,
  given: unknown,
  { defaults, mistakes }: { readonly defaults: ResolvedOptions; readonly mistakes: Mistake[] },
): OptionsPlan {
  if (isFactory(given)) return { defaults, factory: given };
  return { defaults: resolveOptions(defaults, { where: name, options: given }, mistakes), factory: null };
}

function isFactory(given: unknown): given is RouteOptionsFactory {
  return (
    typeof given === 'object' &&
    given !== null &&
    typeof (given as RouteOptionsFactory).useFactory === 'function'
  );
}

interface Reading {
  readonly metadata: ControllerMetadata;
  readonly mistakes: Mistake[];
}

function planHooks(
  controller: ControllerClass,
  pattern: PathPattern,
  { metadata, mistakes }: Reading,
): Pick<RoutePlan, 'hooks' | 'slots' | 'emits'> {
  const slots = new SlotPlanner(pattern);
  const hooks = metadata.hooks.map((declaration): HookPlan => {
    const where = `${controller.name}.${String(declaration.method)}()`;
    const parameters = parametersOf(controller, declaration, metadata);
    const pipes = methodEnhancers('pipe', controller, declaration.method);
    return {
      hook: declaration.hook,
      method: declaration.method,
      event: declaration.event,
      where,
      arguments: planArguments(parameters, slots, { declaration, where, pipes, mistakes }),
      returns: returnsOf(declaration, metadata),
      isAsync: isAsyncMethod(controller, declaration.method),
      rateLimit: rateLimitOf(declaration, metadata),
    };
  });
  checkParameters(controller.name, metadata, mistakes);
  checkReturns(controller.name, metadata, mistakes);
  checkRateLimits(controller.name, metadata, mistakes);
  checkSingleHooks(controller.name, hooks, mistakes);
  checkMessageHandlers(controller.name, hooks, mistakes);
  checkAuth(hooks, mistakes);
  checkTransforms(hooks, mistakes);
  return { hooks, slots: slots.plans, emits: emitsOf(metadata) };
}

function isAsyncMethod({ prototype }: ControllerClass, method: PropertyKey): boolean {
  return (prototype as Record<PropertyKey, unknown>)[method] instanceof AsyncFunction;
}

function returnsOf({ method }: HookDeclaration, { returns }: ControllerMetadata): ValueType | null {
  const declared = returns.find(declaration => declaration.method === method);
  return declared === undefined ? null : resolveType(declared.type);
}

function emitsOf({ emits }: ControllerMetadata): ReadonlyMap<string, ValueType> {
  return new Map(Object.entries(emits).map(([event, type]) => [event, resolveType(type)]));
}

function parametersOf(
  controller: ControllerClass,
  { method }: HookDeclaration,
  { parameters }: ControllerMetadata,
): Parameter[] {
  const types = parameterTypes(controller.prototype, method) ?? [];
  const declared = parameters.filter(parameter => parameter.method === method);
  const count = Math.max(types.length, ...declared.map(({ index }) => index + 1));
  return Array.from({ length: count }, (_, index) => ({
    index,
    type: types[index],
    source: declared.find(parameter => parameter.index === index)?.source,
  }));
}

/** Every decorated method has types when the compiler emits them. */
function hasTypeMetadata(controller: ControllerClass, { hooks }: ControllerMetadata): boolean {
  return hooks.every(({ method }) => parameterTypes(controller.prototype, method) !== undefined);
}

function noTypeMetadata({ name }: ControllerClass): Mistake {
  return {
    code: 'GATEWIRE_NO_TYPE_METADATA',
    where: name,
    what: 'no parameter types at run time',
    got: 'no design:paramtypes',
    fix: 'Set "experimentalDecorators" and "emitDecoratorMetadata" to true in the tsconfig.json of the folder you start Bun in; Bun reads no other',
  };
}

function notAController({ name }: ControllerClass, module: ScannedController['module']): Mistake {
  return {
    code: 'GATEWIRE_NOT_A_CONTROLLER',
    where: name,
    what: `it is listed in the controllers of ${module.name} but has no path`,
    fix: `Decorate it with @WebSocketRoute('/path'), or list it in providers instead`,
  };
}

function invalidPath({ name }: ControllerClass, path: string, reason: string): Mistake {
  return {
    code: 'GATEWIRE_INVALID_PATH',
    where: name,
    what: reason,
    got: JSON.stringify(path) ?? String(path),
    fix: `Write it like '/chat', '/chat/:room', '/chat/:room?' or '/files/*'`,
  };
}
