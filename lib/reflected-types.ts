import 'reflect-metadata';

/** What the compiler left behind for one type: a class, or nothing it could name. */
export type ReflectedType = (abstract new (...args: never[]) => unknown) | undefined;

/**
 * The types of a method's parameters, or of the constructor's when no method is named.
 *
 * `undefined` means that the compiler emitted nothing: `emitDecoratorMetadata` is off, or nothing there is decorated.
 */
export function parameterTypes(target: object, method?: PropertyKey): readonly ReflectedType[] | undefined {
  if (method === undefined) return Reflect.getMetadata('design:paramtypes', target);
  return Reflect.getMetadata('design:paramtypes', target, method as string | symbol);
}

/** The type of a decorated property; `undefined` where nothing was emitted. */
export function propertyType(prototype: object, property: PropertyKey): ReflectedType {
  return Reflect.getMetadata('design:type', prototype, property as string | symbol);
}
