import { declaredEnhancers, ENHANCER_KINDS } from '../enhancers/enhancer-metadata.ts';
import { type ControllerClass, controllerMetadata } from './controller-metadata.ts';
import { decoratedMethods } from './decorated-methods.ts';

/** The classes that a controller or its module name as enhancers: the container makes them. */
export function* enhancerClasses(controller: ControllerClass, module: object): Iterable<unknown> {
  const { hooks, parameters } = controllerMetadata(controller);
  const methods = new Set(hooks.map(({ method }) => method));
  const decorated = [
    controller,
    module,
    ...[...methods].flatMap(method => decoratedMethods(controller, method)),
  ];
  for (const kind of ENHANCER_KINDS) {
    for (const each of decorated) yield* declaredEnhancers(kind, each).filter(isClass);
  }
  for (const { source } of parameters) if ('pipes' in source) yield* (source.pipes ?? []).filter(isClass);
}

function isClass(entry: unknown): boolean {
  return typeof entry === 'function' && entry.prototype !== undefined;
}
