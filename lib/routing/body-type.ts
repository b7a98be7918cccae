import type { DeclaredType } from '../metadata/controller-metadata.ts';
import type { ReflectedType } from '../reflected-types.ts';
import { isStandardSchema, type ValueType } from '../validation/validation.ts';

/** What a parameter's type means for its value. */
export type BodyType =
  | { readonly kind: 'text' | 'bytes' | 'number' | 'boolean' | 'unchecked' }
  | { readonly kind: 'checked'; readonly type: ValueType }
  /** No class stands behind it at run time; `got` is what was found instead. */
  | { readonly kind: 'unknown'; readonly got: string };

const BYTES: readonly unknown[] = [Uint8Array, Buffer, ArrayBuffer];
/** Classes of the platform that say nothing about the JSON they would come from. */
const OPAQUE: readonly unknown[] = [
  Array,
  Promise,
  Map,
  Set,
  Date,
  Function,
  Symbol,
  BigInt,
  Blob,
  URLSearchParams,
];

/** What a body parameter takes: what its decorator names, else its reflected type. */
export function bodyType(declared: DeclaredType | undefined, reflected: ReflectedType): BodyType {
  if (declared === undefined) return fromClass(reflected, reflected === Object);
  const type = resolveType(declared);
  return typeof type === 'function' && !isStandardSchema(type)
    ? fromClass(type, false)
    : { kind: 'checked', type };
}

/** The type behind `() => Dto`; a schema may be a function too (ArkType's are), so it is told apart first. */
export function resolveType(declared: DeclaredType): ValueType {
  if (isStandardSchema(declared) || typeof declared !== 'function' || declared.prototype !== undefined) {
    return declared as ValueType;
  }
  return (declared as () => ValueType)();
}

function fromClass(type: unknown, isReflectedObject: boolean): BodyType {
  if (type === undefined) return { kind: 'unknown', got: 'undefined' };
  if (type === String) return { kind: 'text' };
  if (type === Number) return { kind: 'number' };
  if (type === Boolean) return { kind: 'boolean' };
  if (BYTES.includes(type)) return { kind: 'bytes' };
  if (type === Object) return isReflectedObject ? { kind: 'unknown', got: 'Object' } : { kind: 'unchecked' };
  if (OPAQUE.includes(type)) return { kind: 'unknown', got: (type as { name: string }).name };
  return { kind: 'checked', type: type as ValueType };
}
