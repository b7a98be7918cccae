import type { Mistake } from '../errors.ts';
import {
  type ControllerClass,
  type ControllerMetadata,
  controllerMetadata,
  type HookDeclaration,
} from '../metadata/controller-metadata.ts';
import type { RouteOptionsFactory } from '../metadata/route-options.ts';
import { parameterTypes } from '../reflected-types.ts';
import type { Parameter } from './argument-context.ts';
import { checkMessageHandlers, checkSingleHooks } from './check-hooks.ts';
import { type PathPattern, parsePath } from './path-pattern.ts';
import type { HookPlan, OptionsPlan, RoutePlan, ScannedController } from './plan.ts';
import { planArguments } from './plan-arguments.ts';
import { SlotPlanner } from './plan-slots.ts';
import { type ResolvedOptions, resolveOptions } from './resolve-options.ts';

/** Reads and checks one controller; `undefined` where it has no path to serve. Every mistake is reported. */
export function planRoute(
  { type: controller, module }: ScannedController,
  defaults: ResolvedOptions,
  mistakes: Mistake[],
): RoutePlan | undefined {
  const metadata = controllerMetadata(controller);
  mistakes.push(...metadata.mistakes);
  if (metadata.route === undefined) {
    mistakes.push(notAController(controller));
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
  return { controller, module, pattern, options, ...planHooks(controller, pattern, { metadata, mistakes }) };
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
): Pick<RoutePlan, 'hooks' | 'slots'> {
  const slots = new SlotPlanner(pattern);
  const hooks = metadata.hooks.map((declaration): HookPlan => {
    const where = `${controller.name}.${String(declaration.method)}()`;
    const parameters = parametersOf(controller, declaration, metadata);
    return {
      hook: declaration.hook,
      method: declaration.method,
      event: declaration.event,
      where,
      arguments: planArguments(parameters, slots, { declaration, where, mistakes }),
    };
  });
  checkSingleHooks(controller.name, hooks, mistakes);
  checkMessageHandlers(controller.name, hooks, mistakes);
  return { hooks, slots: slots.plans };
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
    what: 'no type metadata at run time',
    fix: 'Set "experimentalDecorators" and "emitDecoratorMetadata" to true in the tsconfig.json of the folder you start Bun in; Bun reads no other',
  };
}

function notAController({ name }: ControllerClass): Mistake {
  return {
    code: 'GATEWIRE_NOT_A_CONTROLLER',
    where: name,
    what: 'it is listed in controllers but has no path',
    fix: `Decorate it with @WebSocketRoute('/path'), or list it in providers`,
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
