import { declaredEnhancers, ENHANCER_KINDS } from '../enhancers/enhancer-metadata.ts';
import { type ControllerClass, controllerMetadata } from './controller-metadata.ts';

/** A method of a controller, on which its decorators wrote. */
export function methodOf(controller: ControllerClass, method: PropertyKey): object {
  return (controller.prototype as Record<PropertyKey, object>)[method] ?? {};
}

/** The classes that a controller or its module name as enhancers: the container makes them. */
export function* enhancerClasses(controller: ControllerClass, module: object): Iterable<unknown> {
  const { hooks, parameters } = controllerMetadata(controller);
  const decorated = [controller, module, ...new Set(hooks.map(({ method }) => methodOf(controller, method)))];
  for (const kind of ENHANCER_KINDS) {
    for (const each of decorated) yield* declaredEnhancers(kind, each).filter(isClass);
  }
  for (const { source } of parameters) if ('pipes' in source) yield* (source.pipes ?? []).filter(isClass);
}

function isClass(entry: unknown): boolean {
  return typeof entry === 'function' && entry.prototype !== undefined;
}
