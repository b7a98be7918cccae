import { declaredEnhancers, type EnhancerKind, isEnhancerKey } from '../enhancers/enhancer-metadata.ts';
import { type ControllerClass, declaresHook } from './controller-metadata.ts';

/**
 * The methods that decorators of a hook wrote on: the one that has the hook's own decorator, then those that override
 * it without one, which keep the hook and all that was said of it.
 */
export function decoratedMethods(controller: ControllerClass, method: PropertyKey): readonly object[] {
  const methods: object[] = [];
  for (let type: unknown = controller; typeof type === 'function'; type = Object.getPrototypeOf(type)) {
    const own: unknown = Object.getOwnPropertyDescriptor(type.prototype ?? {}, method)?.value;
    if (typeof own === 'function') methods.unshift(own);
    if (declaresHook(type, method)) break;
  }
  return methods;
}

/** The enhancers of a hook's method; those of an override join those of what it overrides. */
export function methodEnhancers(
  kind: EnhancerKind,
  controller: ControllerClass,
  method: PropertyKey,
): readonly unknown[] {
  return decoratedMethods(controller, method).flatMap(each => declaredEnhancers(kind, each));
}

/** The method whose metadata the `Reflector` reads: an override's where it has some of its own. */
export function handlerOf(controller: ControllerClass, method: PropertyKey): object {
  const methods = decoratedMethods(controller, method);
  return methods.findLast(hasOwnMetadata) ?? methods[0] ?? {};
}

function hasOwnMetadata(method: object): boolean {
  return Reflect.getOwnMetadataKeys(method).some(key => !isEnhancerKey(key));
}
