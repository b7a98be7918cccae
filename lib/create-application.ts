import { Application, type ApplicationOptions } from './application.ts';
import { checkRuntime } from './check-runtime.ts';
import { Handshake } from './connection/handshake.ts';
import { Publisher } from './connection/publisher.ts';
import { GLOBAL_TOKENS } from './enhancers/enhancer-metadata.ts';
import { EventContext } from './enhancers/event-context.ts';
import { Reflector } from './enhancers/reflector.ts';
import { ConfigurationError, type Mistake } from './errors.ts';
import { Container, type Replacements } from './injection/container.ts';
import type { Type } from './injection/token.ts';
import { enhancerClasses } from './metadata/enhancer-classes.ts';
import { Metrics, noMetrics } from './observability/metrics.ts';
import { type BuildParts, prepareRoutes } from './routing/build-routes.ts';
import { checkApplicationOptions } from './routing/check-application-options.ts';
import { checkProvided } from './routing/check-provided.ts';
import { emittedChecks } from './routing/emitted-checks.ts';
import { GlobalEnhancerList } from './routing/global-enhancers.ts';
import { resolveLimits } from './routing/limits.ts';
import { mergeCompilerMistakes } from './routing/merge-compiler-mistakes.ts';
import type { ScannedController } from './routing/plan.ts';
import { checkDtos, scanControllers } from './routing/scanner.ts';
import { checkEndpoints, resolveObservation } from './server/endpoints.ts';
import { Validation } from './validation/validation.ts';

const OPTIONS: { readonly [Name in keyof Required<ApplicationOptions>]: true } = {
  origins: true,
  websocket: true,
  limits: true,
  trustProxy: true,
  requireOrigin: true,
  validation: true,
  close: true,
  startTimeout: true,
  logger: true,
  onFatal: true,
  metrics: true,
  health: true,
  tracing: true,
  routes: true,
  fetch: true,
};

/**
 * Scans a module and what it imports into routes, and makes its providers. Nothing listens yet.
 *
 * @throws ConfigurationError with every configuration mistake that was found, not only the first.
 *
 * @example
 * ```ts
 * const app = await createApplication(AppModule);
 * await app.listen(3000);
 * ```
 */
export function createApplication<Path extends string = string>(
  root: Type,
  options: ApplicationOptions<Path> = {},
): Promise<Application> {
  return assembleApplication(root, options as ApplicationOptions);
}

/** As `createApplication()`, with what a test puts in the place of something. @internal */
export async function assembleApplication(
  root: Type,
  options: ApplicationOptions,
  replacements: Replacements = {},
): Promise<Application> {
  checkRuntime();
  const mistakes: Mistake[] = [];
  const { startTimeout } = checkApplicationOptions(options, Object.keys(OPTIONS), mistakes);
  const observation = resolveObservation(options, () => app, mistakes);
  if (typeof options.routes === 'object') checkEndpoints(observation, options.routes, mistakes);
  const publisher = new Publisher();
  const context = new EventContext();
  const container = await Container.create(root, {
    providers: [
      { provide: Publisher, useValue: publisher },
      { provide: Metrics, useValue: observation.metrics ?? noMetrics },
      { provide: EventContext, useValue: context },
      Reflector,
    ],
    scopeTokens: [Handshake],
    startTimeout,
    ...replacements,
    collectedTokens: Object.values(GLOBAL_TOKENS),
    injectablesOf: (controller, module) =>
      enhancerClasses(controller as Type<object>, module) as Iterable<Type>,
    mistakes,
  });
  const validation = new Validation(options.validation);
  const plans = scanControllers(
    container.controllers as readonly ScannedController[],
    { origins: options.origins, requireOrigin: options.requireOrigin, ...options.websocket },
    mistakes,
  );
  const limits = resolveLimits(options, mistakes);
  await checkDtos(plans, validation, mistakes);
  if (mistakes.length > 0) throw new ConfigurationError(mergeCompilerMistakes(mistakes));
  await container.instantiate();
  const parts: BuildParts = {
    validation,
    startTimeout,
    context: container.isInjected(EventContext) ? context : null,
    instance: (token, module) => container.instance(token, module),
    isConnectionScoped: (controller, module) => container.isConnectionScoped(controller, module),
    createScope: given => container.createScope(given),
  };
  const globals = new GlobalEnhancerList(token => container.collected(token));
  mistakes.push(...checkProvided(globals.sources, parts));
  if (mistakes.length > 0) throw new ConfigurationError(mistakes);
  const compile = await prepareRoutes(plans, parts);
  const app = new Application({
    container,
    compile,
    globals,
    validation,
    publisher,
    options,
    limits,
    observation,
  });
  publisher.checkEmitted(emittedChecks(app.routes));
  return app;
}
