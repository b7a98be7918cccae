import type { Mistake } from '../errors.ts';
import type { DeclaredType } from '../metadata/controller-metadata.ts';
import type { ReflectedType } from '../reflected-types.ts';
import { isStandardSchema, type ValueType } from '../validation/validation.ts';

/** What a parameter's type means for its value. */
export type BodyType =
  | { readonly kind: 'text' | 'bytes' | 'number' | 'boolean' | 'unchecked' }
  | { readonly kind: 'checked'; readonly type: ValueType }
  | UnknownType;

/** A type that says nothing about the value: `got` is what was found instead of a class. */
export interface UnknownType {
  readonly kind: 'unknown';
  /** Nothing is left of it at run time, it is an array or a platform class, or the decorator was given no type. */
  readonly reason: 'erased' | 'array' | 'opaque' | 'undeclared';
  readonly got: string;
}

/** What is said of a body that has such a type. */
export const UNKNOWN_BODY: Record<UnknownType['reason'], Pick<Mistake, 'what' | 'fix'>> = {
  erased: {
    what: 'no DTO class at run time',
    fix: 'Use a class, import it with "import", not "import type" (which linters write: useImportType, consistent-type-imports), or name it: @MessageBody(() => CreateMessage); @MessageBody(() => Object) takes any JSON unchecked',
  },
  array: {
    what: 'what the list holds is not known at run time',
    fix: 'Name the class of its items: @MessageBody(() => [Item]), or pass a Standard Schema',
  },
  opaque: {
    what: 'a message cannot be decoded to this type',
    fix: 'Take a DTO class, string, number, boolean or Uint8Array, or pass a Standard Schema that makes the value',
  },
  undeclared: {
    what: '@MessageBody() is given what is no DTO class, no list of one and no Standard Schema',
    fix: 'Pass @MessageBody(() => CreateMessage), @MessageBody(() => [Item]) or a Standard Schema; @MessageBody(() => Object) takes any JSON unchecked',
  },
};

const BYTES: readonly unknown[] = [Uint8Array, Buffer];
const SCALARS: readonly unknown[] = [String, Number, Boolean, Object];
/** Classes of the platform that say nothing about the JSON they would come from. */
const OPAQUE: readonly unknown[] = [Promise, Map, Set, Date, Function, Symbol, BigInt, Blob, URLSearchParams];

/** What a body parameter takes: what its decorator names, else its reflected type. */
export function bodyType(declared: DeclaredType | undefined, reflected: ReflectedType): BodyType {
  if (declared === undefined) return fromClass(reflected, reflected === Object);
  const type = resolveType(declared);
  if (typeof type === 'function' && !isStandardSchema(type)) return fromClass(type, false);
  return isCheckable(type)
    ? { kind: 'checked', type }
    : { ...UNKNOWN, reason: 'undeclared', got: show(type) };
}

/** Whether there are checks for a type: those of a DTO class, alone or in a list, or a schema's. */
export function isCheckable(type: unknown): boolean {
  if (isStandardSchema(type)) return true;
  const item: unknown = Array.isArray(type) ? type[0] : type;
  if (Array.isArray(type) && type.length !== 1) return false;
  return (
    isStandardSchema(item) ||
    (typeof item === 'function' && !SCALARS.includes(item) && !OPAQUE.includes(item))
  );
}

/** A type that was named, for the `got` of a mistake. */
export function show(type: unknown): string {
  if (Array.isArray(type)) return `[${type.map(show).join(', ')}]`;
  if (typeof type === 'function') return type.name || 'a function';
  return typeof type === 'object' && type !== null
    ? `an instance of ${type.constructor?.name}`
    : String(type);
}

/** The type behind `() => Dto`; a schema may be a function too (ArkType's are), so it is told apart first. */
export function resolveType(declared: DeclaredType): ValueType {
  if (isStandardSchema(declared) || typeof declared !== 'function' || declared.prototype !== undefined) {
    return declared as ValueType;
  }
  return (declared as () => ValueType)();
}

const UNKNOWN = { kind: 'unknown' } as const;

function fromClass(type: unknown, isReflectedObject: boolean): BodyType {
  if (type === undefined) return { ...UNKNOWN, reason: 'erased', got: 'undefined' };
  if (type === String) return { kind: 'text' };
  if (type === Number) return { kind: 'number' };
  if (type === Boolean) return { kind: 'boolean' };
  if (BYTES.includes(type)) return { kind: 'bytes' };
  if (type === Object)
    return isReflectedObject ? { ...UNKNOWN, reason: 'erased', got: 'Object' } : { kind: 'unchecked' };
  if (type === Array) return { ...UNKNOWN, reason: 'array', got: 'Array' };
  if (OPAQUE.includes(type)) return { ...UNKNOWN, reason: 'opaque', got: show(type) };
  return { kind: 'checked', type: type as ValueType };
}
