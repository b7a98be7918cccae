/** A class that can be instantiated. */
export type Type<T = unknown> = new (...args: never[]) => T;

/** A class as a name for something: it may be abstract. */
export type AbstractType<T = unknown> = abstract new (...args: never[]) => T;

/**
 * What a provider is asked for by: the class itself, a string or a symbol. Two classes of the same name are
 * two tokens, and renaming a class, as minifiers do, changes nothing.
 */
export type Token<T = unknown> = string | symbol | AbstractType<T>;

/** A reference that is read once every file is loaded; made by `forwardRef()`. */
export interface ForwardReference<T = unknown> {
  readonly forwardRef: () => T;
}

/**
 * Names a class that is not there yet, because its file and this one import each other, or breaks a circle
 * of providers: whoever is created first gets a stand-in until the other one exists.
 */
export function forwardRef<T>(reference: () => T): ForwardReference<T> {
  return { forwardRef: reference };
}

export function isForwardReference(value: unknown): value is ForwardReference {
  return typeof value === 'object' && value !== null && 'forwardRef' in value;
}

/** What a reference refers to: nothing when the file that declares it was not loaded after all. */
export function followReference(reference: ForwardReference): unknown {
  try {
    return reference.forwardRef();
  } catch {
    return undefined;
  }
}

export function isToken(value: unknown): value is Token {
  return typeof value === 'string' || typeof value === 'symbol' || typeof value === 'function';
}

/** Whether it can be called with `new`; arrow functions and methods cannot. */
export function isType(value: unknown): value is Type {
  return typeof value === 'function' && value.prototype !== undefined;
}

/** A token for messages, and for nothing else: `ChatService`, `"OPTIONS"`, `Symbol(options)`. */
export function tokenName(token: Token): string {
  if (typeof token === 'string') return JSON.stringify(token);
  if (typeof token === 'symbol') return String(token);
  return token.name || '(anonymous class)';
}

/** What someone gave instead of what was expected, for the `got` of a mistake. */
export function describeValue(value: unknown): string {
  if (isToken(value)) return tokenName(value);
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object' && value !== null) return `an object with ${keysOf(value)}`;
  return String(value);
}

function keysOf(value: object): string {
  const keys = Object.keys(value);
  return keys.length === 0 ? 'no keys' : keys.join(', ');
}
