import { Handshake } from '../connection/handshake.ts';
import type { ValidationPipe } from '../enhancers/validation-pipe.ts';
import { ConfigurationError, type Mistake } from '../errors.ts';
import type { ConnectionScope } from '../injection/connection-scope.ts';
import { causeOf } from '../injection/provider-failure.ts';
import { REQUEST } from '../injection/scope.ts';
import type { Token } from '../injection/token.ts';
import type { Validation } from '../validation/validation.ts';
import { checkDeflate } from './check-deflate.ts';
import { compileRoute } from './compile-route.ts';
import { EnhancerBinder, type EnhancerOrigin } from './enhancer-binder.ts';
import { type InstanceOf, makeOptions } from './make-options.ts';
import type { RoutePlan } from './plan.ts';
import { readAll } from './read-all.ts';
import type { ResolvedOptions } from './resolve-options.ts';
import type { ControllerScope, Route } from './route.ts';
import type { EnhancerParts, GlobalEnhancers } from './route-enhancers.ts';

/** What plans become Routes with. */
export interface BuildParts extends EnhancerOrigin {
  readonly validation: Validation;
  /** Gives the instance that a module has of a controller or an enhancer, or of what options are made from. */
  readonly instance: InstanceOf;
  readonly context: EnhancerParts['context'];
  /** Seconds that a factory of options has; 0 is for ever. */
  readonly startTimeout: number;
  /** Makes the scope of one connection, with what its providers may inject. */
  readonly createScope: (given: ReadonlyMap<Token, unknown>) => ConnectionScope;
}

/** Compiles the frozen Routes that are served, with the enhancers of the application. */
export type CompileRoutes = (globals: GlobalEnhancers) => readonly Route[];

/**
 * Makes the options of checked plans, after which nothing is left to do but to compile them.
 *
 * @throws ConfigurationError with every option that a factory made and a route cannot take.
 */
export async function prepareRoutes(plans: readonly RoutePlan[], parts: BuildParts): Promise<CompileRoutes> {
  const mistakes: Mistake[] = [];
  const causes: unknown[] = [];
  const built: { readonly plan: RoutePlan; readonly name: string; readonly options: ResolvedOptions }[] = [];
  for (const plan of plans) {
    const options = await makeOptions(plan, parts.instance, {
      mistakes,
      causes,
      timeout: parts.startTimeout,
    });
    built.push({ plan, name: plan.controller.name, options });
  }
  checkDeflate(built, mistakes);
  if (mistakes.length > 0) {
    throw new ConfigurationError(mistakes, causes.length === 0 ? {} : { cause: causeOf(causes) });
  }
  const prepared = { ...parts, validationBy: choosing(parts.validation) };
  return globals =>
    Object.freeze(built.map(({ plan, options }) => buildRoute(plan, options, { parts: prepared, globals })));
}

interface PreparedParts extends BuildParts, Pick<EnhancerParts, 'validationBy'> {}

/** Makes the validation of each `ValidationPipe` once. */
function choosing(validation: Validation): EnhancerParts['validationBy'] {
  const made = new Map<ValidationPipe, Validation>();
  return pipe => {
    const known = made.get(pipe) ?? validation.with(pipe.options);
    made.set(pipe, known);
    return known;
  };
}

function buildRoute(
  plan: RoutePlan,
  options: ResolvedOptions,
  { parts, globals }: { readonly parts: PreparedParts; readonly globals: GlobalEnhancers },
): Route {
  const { validation, validationBy, context } = parts;
  const binder = new EnhancerBinder(parts, plan.module);
  const route = compileRoute(plan, {
    options,
    validation,
    enhancers: { binder, globals, validation, validationBy, context },
  });
  return Object.freeze({ ...route, ...controllerOf(plan, parts, binder.scoped) });
}

function controllerOf(
  { controller, module }: RoutePlan,
  parts: BuildParts,
  scoped: EnhancerBinder['scoped'],
): Pick<Route, 'instance' | 'openScope'> {
  if (scoped.length === 0 && !parts.isConnectionScoped(controller, module)) {
    return { instance: parts.instance(controller, module) as object, openScope: null };
  }
  const openScope = (handshake: Handshake): ControllerScope => {
    const scope = parts.createScope(
      new Map<Token, unknown>([
        [Handshake, handshake],
        [REQUEST, handshake],
      ]),
    );
    return new RouteScope(scope, [...scoped, { token: controller, module }]);
  };
  return { instance: null, openScope };
}

/** What one connection has of its own on a route: its enhancers, then its controller. */
class RouteScope implements ControllerScope {
  enhancers: readonly unknown[] = [];
  readonly #scope: ConnectionScope;
  readonly #wanted: EnhancerBinder['scoped'];

  constructor(scope: ConnectionScope, wanted: EnhancerBinder['scoped']) {
    this.#scope = scope;
    this.#wanted = wanted;
  }

  controller(): object | Promise<object> {
    const made = readAll(this.#wanted, ({ token, module }) => this.#scope.get(token, module));
    const take = (values: readonly unknown[]): object => {
      this.enhancers = values.slice(0, -1);
      return values.at(-1) as object;
    };
    return made instanceof Promise ? made.then(take) : take(made);
  }

  dispose(): Promise<readonly unknown[]> {
    return this.#scope.dispose();
  }
}
