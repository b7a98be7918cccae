import type { Mistake } from '../errors.ts';
import type { ModuleNode } from '../injection/graph.ts';
import { endsWithin, timeoutFix } from '../injection/lifecycle-timeout.ts';
import type { Token } from '../injection/token.ts';
import type { RouteOptionsFactory } from '../metadata/route-options.ts';
import type { RoutePlan } from './plan.ts';
import { type ResolvedOptions, resolveOptions } from './resolve-options.ts';

/** Gives the instance that a module has for a token; throws where it has none. */
export type InstanceOf = (token: Token, module: ModuleNode) => unknown;

/** What was found wrong while options were made, the errors behind it, and how long making them may take. */
export interface Findings {
  readonly mistakes: Mistake[];
  readonly causes: unknown[];
  /** Seconds that a factory has; 0 is for ever. */
  readonly timeout: number;
}

/** The options of a route, made by its factory where it has one. What fails is reported; the defaults stay. */
export async function makeOptions(
  plan: RoutePlan,
  instance: InstanceOf,
  { mistakes, causes, timeout }: Findings,
): Promise<ResolvedOptions> {
  const { controller, options } = plan;
  const { defaults, factory } = options;
  if (factory === null) return defaults;
  const before = mistakes.length;
  const providers = injected(plan, factory, instance, mistakes);
  if (mistakes.length > before) return defaults;
  try {
    const made = await endsWithin(Promise.resolve(factory.useFactory(...providers)), timeout);
    return resolveOptions(defaults, { where: controller.name, options: made }, mistakes);
  } catch (error) {
    causes.push(error);
    mistakes.push({
      code: 'GATEWIRE_PROVIDER_FAILED',
      where: `${controller.name} options`,
      what: 'their useFactory failed',
      got: String(error),
      fix: timeoutFix(error) ?? 'Correct the factory, or what it needs from outside',
    });
    return defaults;
  }
}

function injected(
  { controller, module }: RoutePlan,
  { inject = [] }: RouteOptionsFactory,
  instance: InstanceOf,
  mistakes: Mistake[],
): unknown[] {
  return inject.map((token, at) => {
    try {
      return instance(token as Token, module);
    } catch (error) {
      mistakes.push({
        code: 'GATEWIRE_MISSING_PROVIDER',
        where: `${controller.name} options inject[${at}]`,
        what: 'what the useFactory asks for cannot be given',
        got: token === undefined ? 'undefined' : (error as Error).message.replace(/\.$/, ''),
        fix: `Add it to the providers of ${module.name}, or import a module that exports it`,
      });
      return undefined;
    }
  });
}
