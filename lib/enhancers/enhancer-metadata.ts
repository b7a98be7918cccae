import 'reflect-metadata';

/** NestJS's four, by the one word each. */
export type EnhancerKind = 'guard' | 'pipe' | 'interceptor' | 'filter';

// NestJS's own keys: what @nestjs/common's decorators wrote is read as ours, and the reverse.
const KEYS: Readonly<Record<EnhancerKind, string>> = {
  guard: '__guards__',
  pipe: '__pipes__',
  interceptor: '__interceptors__',
  filter: '__exceptionFilters__',
};
const CAUGHT = '__filterCatchExceptions__';
const CATCH = '__catch__';
const INJECTABLE = '__injectable__';

/** Provides a guard for every route: `{ provide: APP_GUARD, useClass: AuthGuard }`; each one provided counts. */
export const APP_GUARD = 'APP_GUARD';
/** Provides a pipe for every route. */
export const APP_PIPE = 'APP_PIPE';
/** Provides an interceptor for every route. */
export const APP_INTERCEPTOR = 'APP_INTERCEPTOR';
/** Provides an exception filter for every route. */
export const APP_FILTER = 'APP_FILTER';

export const GLOBAL_TOKENS: Readonly<Record<EnhancerKind, string>> = {
  guard: APP_GUARD,
  pipe: APP_PIPE,
  interceptor: APP_INTERCEPTOR,
  filter: APP_FILTER,
};

export const ENHANCER_KINDS = Object.keys(KEYS) as readonly EnhancerKind[];

/** The method that makes an instance one of its kind. */
export const ENHANCER_METHODS: Readonly<Record<EnhancerKind, string>> = {
  guard: 'canActivate',
  pipe: 'transform',
  interceptor: 'intercept',
  filter: 'catch',
};

/** Records enhancers of a class, or of a method where there is its descriptor; they join those that are there. */
export function recordEnhancers(
  kind: EnhancerKind,
  target: object,
  {
    descriptor,
    given,
  }: { readonly descriptor: PropertyDescriptor | undefined; readonly given: readonly unknown[] },
): void {
  const decorated: object | undefined = descriptor?.value ?? target;
  // Of a field under standard decorators, there is nothing to write on.
  if (decorated === undefined) return;
  Reflect.defineMetadata(KEYS[kind], [...declaredEnhancers(kind, decorated), ...given], decorated);
}

/** The enhancers of a class, its ancestors' among them, or of a method: unchecked, as they were given. */
export function declaredEnhancers(kind: EnhancerKind, decorated: object): readonly unknown[] {
  return Reflect.getMetadata(KEYS[kind], decorated) ?? [];
}

/** Whether metadata of this key are enhancers. */
export function isEnhancerKey(key: unknown): boolean {
  return Object.values(KEYS).some(known => known === key);
}

/** Records which exceptions a filter is for; none named is all. */
export function recordCaught(filter: object, exceptions: readonly unknown[]): void {
  Reflect.defineMetadata(CATCH, true, filter);
  Reflect.defineMetadata(INJECTABLE, true, filter);
  Reflect.defineMetadata(CAUGHT, exceptions, filter);
}

/** Which exceptions a filter is for, by its class; none is all. */
export function caughtBy(filter: object): readonly unknown[] {
  // An object without a prototype has no class.
  const type: object | undefined = filter.constructor;
  return type === undefined ? [] : (Reflect.getMetadata(CAUGHT, type) ?? []);
}
