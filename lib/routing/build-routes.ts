import { ConfigurationError, type Mistake } from '../errors.ts';
import type { ModuleNode } from '../injection/graph.ts';
import type { Token } from '../injection/token.ts';
import type { Validation } from '../validation/validation.ts';
import { compileRoute } from './compile-route.ts';
import type { RoutePlan } from './plan.ts';
import { type ResolvedOptions, resolveOptions } from './resolve-options.ts';
import type { Route } from './route.ts';

/** What plans become Routes with. */
export interface BuildParts {
  readonly validation: Validation;
  /** Gives the instance that a module has of a controller, or of what the options of a route are made from. */
  readonly instance: (token: Token, module: ModuleNode) => unknown;
}

/**
 * Compiles checked plans into the frozen Routes that are served.
 *
 * @throws ConfigurationError with every option that is unknown or out of range.
 */
export async function buildRoutes(plans: readonly RoutePlan[], parts: BuildParts): Promise<readonly Route[]> {
  const mistakes: Mistake[] = [];
  const routes: Route[] = [];
  for (const plan of plans) {
    const options = await optionsOf(plan, parts, mistakes);
    const instance = parts.instance(plan.controller, plan.module) as object;
    routes.push(compileRoute(plan, { instance, options, validation: parts.validation }));
  }
  if (mistakes.length > 0) throw new ConfigurationError(mistakes);
  return Object.freeze(routes);
}

async function optionsOf(
  { controller, module, options: { defaults, factory } }: RoutePlan,
  { instance }: BuildParts,
  mistakes: Mistake[],
): Promise<ResolvedOptions> {
  if (factory === null) return defaults;
  const providers = (factory.inject ?? []).map(token => instance(token as Token, module));
  const made = await factory.useFactory(...providers);
  return resolveOptions(defaults, { where: controller.name, options: made }, mistakes);
}
