import type { DtoShape, PropertyShape } from './dto-shape.ts';
import { isHarmless, isObject, type Plain } from './undeclared.ts';

/**
 * An instance of the DTO with what it declares of a handler's value, which is left as it was.
 *
 * What is not declared stays readable, for the getters and methods of the class that need it, but nothing lists it:
 * a password that an entity also has is neither checked nor sent. Properties are read from the value itself, so
 * that a getter may use private fields.
 */
export function outgoingInstance(shape: DtoShape, value: Plain): object {
  const copy = emptyInstance(shape, value);
  for (const key of Object.keys({ ...copy, ...value })) {
    if (shape.outputs.has(key)) continue;
    if (isHarmless(key)) define(copy, key, { value: value[key], enumerable: false });
    // A `constructor` of its own would pass for the class.
    else delete copy[key];
  }
  for (const name of shape.outputs) {
    if (!(name in value)) continue;
    const property = shape.properties.get(name);
    define(copy, name, { value: outgoingValue(property, value[name]), enumerable: true });
  }
  return copy;
}

function emptyInstance({ type }: DtoShape, value: Plain): Plain {
  if (value instanceof type) return Object.create(Object.getPrototypeOf(value));
  return new (type as new () => Plain)();
}

function outgoingValue(property: PropertyShape | undefined, value: unknown): unknown {
  if (!property?.nested) return value;
  const copy = (item: unknown) => outgoingValue(property, item);
  if (Array.isArray(value)) return value.map(copy);
  if (value instanceof Set) return new Set([...value].map(copy));
  if (value instanceof Map) return new Map([...value].map(([key, item]) => [key, copy(item)]));
  const shape = isObject(value) ? property.nested.shapeOf(value) : null;
  return shape === null ? value : outgoingInstance(shape, value as Plain);
}

function define(target: object, key: string, descriptor: PropertyDescriptor): void {
  Object.defineProperty(target, key, { ...descriptor, writable: true, configurable: true });
}
