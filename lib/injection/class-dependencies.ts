import { parameterTypes } from '../reflected-types.ts';
import type { Dependency } from './graph.ts';
import {
  injectedParameters,
  injectedProperties,
  optionalParameters,
  optionalProperties,
} from './injectable-metadata.ts';
import type { Type } from './token.ts';

/** What the constructor and the properties of a class ask for. */
export function classDependencies(type: Type): readonly Dependency[] {
  return [...constructorDependencies(type), ...propertyDependencies(type)];
}

/** Whether a class takes arguments of which nothing says what to inject: neither a type nor an `@Inject()`. */
export function lacksTypeMetadata(type: Type): boolean {
  const owner = constructorOwner(type);
  if (type.length > 0 && owner !== type) return true;
  if (parameterTypes(owner) !== undefined) return false;
  return new Set(injectedParameters(owner).map(({ index }) => index)).size < type.length;
}

function constructorDependencies(type: Type): readonly Dependency[] {
  const owner = constructorOwner(type);
  const references: unknown[] = [...(parameterTypes(owner) ?? [])];
  for (const { index, param } of injectedParameters(owner)) references[index] = param;
  const optional = optionalParameters(owner);
  return Array.from(references, (reference, index) => ({
    reference,
    place: index,
    isOptional: optional.includes(index),
    binding: undefined,
    isDeferred: false,
  }));
}

function propertyDependencies(type: Type): readonly Dependency[] {
  const optional = optionalProperties(type);
  return injectedProperties(type).map(({ key, type: reference }) => ({
    reference,
    place: { property: key },
    isOptional: optional.includes(key),
    binding: undefined,
    isDeferred: false,
  }));
}

/**
 * The class whose constructor runs: the nearest ancestor that declares one. A subclass that declares its own
 * must not be given its parent's arguments.
 */
function constructorOwner(type: Type): Type {
  let owner: unknown = type;
  while (typeof owner === 'function' && owner !== Function.prototype) {
    if (hasOwnParameters(owner)) return owner as Type;
    owner = Object.getPrototypeOf(owner);
  }
  return type;
}

function hasOwnParameters(type: object): boolean {
  const types = parameterTypes(type);
  const isInherited = types === parameterTypes(Object.getPrototypeOf(type));
  return (types !== undefined && !isInherited) || injectedParameters(type).length > 0;
}
