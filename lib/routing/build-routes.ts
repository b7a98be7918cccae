import { Handshake } from '../connection/handshake.ts';
import { ConfigurationError, type Mistake } from '../errors.ts';
import type { ConnectionScope } from '../injection/connection-scope.ts';
import type { ModuleNode } from '../injection/graph.ts';
import { causeOf } from '../injection/provider-failure.ts';
import { REQUEST } from '../injection/scope.ts';
import type { Token } from '../injection/token.ts';
import type { Validation } from '../validation/validation.ts';
import { checkDeflate } from './check-deflate.ts';
import { compileRoute } from './compile-route.ts';
import { type InstanceOf, makeOptions } from './make-options.ts';
import type { RoutePlan } from './plan.ts';
import type { ResolvedOptions } from './resolve-options.ts';
import type { ControllerScope, Route } from './route.ts';

/** What plans become Routes with. */
export interface BuildParts {
  readonly validation: Validation;
  /** Gives the instance that a module has of a controller, or of what the options of a route are made from. */
  readonly instance: InstanceOf;
  /** Whether a module has a controller once for each connection. */
  readonly isConnectionScoped: (controller: Token, module: ModuleNode) => boolean;
  /** Makes the scope of one connection, with what its providers may inject. */
  readonly createScope: (given: ReadonlyMap<Token, unknown>) => ConnectionScope;
}

/**
 * Compiles checked plans into the frozen Routes that are served.
 *
 * @throws ConfigurationError with every option that a factory made and a route cannot take.
 */
export async function buildRoutes(plans: readonly RoutePlan[], parts: BuildParts): Promise<readonly Route[]> {
  const mistakes: Mistake[] = [];
  const causes: unknown[] = [];
  const built: { readonly plan: RoutePlan; readonly name: string; readonly options: ResolvedOptions }[] = [];
  for (const plan of plans) {
    const options = await makeOptions(plan, parts.instance, { mistakes, causes });
    built.push({ plan, name: plan.controller.name, options });
  }
  checkDeflate(built, mistakes);
  if (mistakes.length > 0) {
    throw new ConfigurationError(mistakes, causes.length === 0 ? {} : { cause: causeOf(causes) });
  }
  const routes = built.map(({ plan, options }) => {
    return compileRoute(plan, { ...controllerOf(plan, parts), options, validation: parts.validation });
  });
  return Object.freeze(routes);
}

function controllerOf(
  { controller, module }: RoutePlan,
  parts: BuildParts,
): Pick<Route, 'instance' | 'openScope'> {
  if (!parts.isConnectionScoped(controller, module)) {
    return { instance: parts.instance(controller, module) as object, openScope: null };
  }
  const openScope = (handshake: Handshake): ControllerScope => {
    const scope = parts.createScope(
      new Map<Token, unknown>([
        [Handshake, handshake],
        [REQUEST, handshake],
      ]),
    );
    return {
      controller: () => scope.get(controller as Token<object>, module),
      dispose: () => scope.dispose(),
    };
  };
  return { instance: null, openScope };
}
