import type { Scope } from './scope.ts';
import type { ForwardReference, Token, Type } from './token.ts';

/** Provides a token by an instance of a class. */
export interface ClassProvider<T = unknown> {
  readonly provide: Token<T>;
  readonly useClass: Type<T>;
  readonly scope?: Scope;
}

/** Provides a token by a value that exists already; a promise is awaited. */
export interface ValueProvider<T = unknown> {
  readonly provide: Token<T>;
  readonly useValue: T | Promise<T>;
}

/** Provides a token by what a function returns; it is called with the providers named in `inject`. */
export interface FactoryProvider<T = unknown> {
  readonly provide: Token<T>;
  // biome-ignore lint/suspicious/noExplicitAny: the tokens in `inject` decide the parameters
  readonly useFactory: (...providers: any[]) => T | Promise<T>;
  readonly inject?: readonly FactoryDependency[];
  readonly scope?: Scope;
}

/** Provides a token by the instance of another token: the same instance, not a second one. */
export interface ExistingProvider<T = unknown> {
  readonly provide: Token<T>;
  readonly useExisting: Token<T>;
}

/** A token in a factory's `inject`; an optional one that nobody provides is `undefined`. */
export type FactoryDependency =
  | Token
  | ForwardReference
  | { readonly token: Token; readonly optional: boolean };

/** What the `providers` of a module list: a class, or a token and where its value comes from. */
export type Provider<T = unknown> =
  | Type<T>
  | ClassProvider<T>
  | ValueProvider<T>
  | FactoryProvider<T>
  | ExistingProvider<T>;

/** What takes a provider's place in a test: a provider without its token. */
export type ProviderOverride =
  | Omit<ClassProvider, 'provide'>
  | Omit<ValueProvider, 'provide'>
  | Omit<FactoryProvider, 'provide'>;
