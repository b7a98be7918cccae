import type { ExecutionContext } from '../enhancers/execution-context.ts';
import type { RateLimit } from '../enhancers/rate-limiter.ts';
import type { Mistake } from '../errors.ts';
import type { Class, ValueType } from '../validation/validation.ts';
import type { DeclarationSite } from './declaration-site.ts';

/** A class as decorators see it. */
export type ControllerClass = abstract new (...args: never[]) => object;

/** The hooks a method can be declared for, in the order of a connection's life. */
export type HookName =
  | 'parse'
  | 'transform'
  | 'beforeHandle'
  | 'upgradeHeaders'
  | 'open'
  | 'auth'
  | 'parseMessage'
  | 'transformMessage'
  | 'message'
  | 'drain'
  | 'ping'
  | 'pong'
  | 'close'
  | 'error';

/** A method declared for a hook. */
export interface HookDeclaration {
  readonly hook: HookName;
  readonly method: PropertyKey;
  /** Of `@OnMessage('say')` and `@TransformMessage('say')`. */
  readonly event?: string;
}

/** Where a decorated parameter takes its value from. */
export type ParameterSource =
  | ({ readonly from: 'body' } & DataSource)
  | ({ readonly from: SlotName } & DataSource)
  | {
      readonly from: 'custom';
      readonly factory: ParameterFactory;
      readonly data: unknown;
      readonly pipes: readonly unknown[];
    }
  | { readonly from: 'connection' | 'handshake' | 'signal' | 'event' | 'closeCode' | 'closeReason' };

/** What a decorated parameter takes of something: all of it or one key, as a type, through its own pipes. */
export interface DataSource {
  readonly key?: string;
  readonly type?: DeclaredType;
  readonly pipes?: readonly unknown[];
}

/** What `createParamDecorator()` is given. */
// biome-ignore lint/suspicious/noExplicitAny: each decorator made of one says what its data is
export type ParameterFactory<Data = any, Value = any> = (data: Data, context: ExecutionContext) => Value;

/** The four parts of an upgrade request that reach hooks validated. */
export type SlotName = 'params' | 'query' | 'headers' | 'cookies';

/** A type that cannot be reflected: a Standard Schema, or a function that gives the type (`() => [Item]`). */
export type DeclaredType = ValueType | (() => ValueType | readonly Class[]);

export interface ParameterDeclaration {
  readonly method: PropertyKey;
  readonly index: number;
  readonly source: ParameterSource;
}

export interface RouteDeclaration {
  readonly path: string;
  readonly options: unknown;
  readonly site: DeclarationSite;
}

/** What `@Returns()` says of a method. */
export interface ReturnsDeclaration {
  readonly method: PropertyKey;
  readonly type: DeclaredType;
}

/** What `@RateLimit()` says of a method. */
export interface RateLimitDeclaration {
  readonly method: PropertyKey;
  readonly limit: RateLimit;
}

/** What the decorators of one class recorded, or of a class and its ancestors together. */
export interface ControllerMetadata {
  route: RouteDeclaration | undefined;
  hooks: HookDeclaration[];
  parameters: ParameterDeclaration[];
  returns: ReturnsDeclaration[];
  /** Of `@RateLimit()`. */
  rateLimits: RateLimitDeclaration[];
  /** Of `@Emits()`: types by event. */
  emits: Readonly<Record<string, DeclaredType>>;
  mistakes: Mistake[];
}

const declared = new WeakMap<object, ControllerMetadata>();

/** The record of one class alone, made when its first decorator runs. */
export function declarationsOf(controller: object): ControllerMetadata {
  let own = declared.get(controller);
  if (own === undefined) {
    own = nothingDeclared();
    declared.set(controller, own);
  }
  return own;
}

/** Whether a class, without its ancestors, has a hook's decorator on a method. */
export function declaresHook(controller: object, method: PropertyKey): boolean {
  return declared.get(controller)?.hooks.some(hook => hook.method === method) ?? false;
}

/**
 * What a class and its ancestors declare, ancestors first. A subclass that gives a method a hook again
 * replaces all its ancestors said of that method, and never changes their record; one that decorates only
 * its parameters or its result keeps the hook.
 */
export function controllerMetadata(controller: object): ControllerMetadata {
  const parent = Object.getPrototypeOf(controller);
  const own = declared.get(controller);
  const inherited = typeof parent === 'function' ? controllerMetadata(parent) : undefined;
  if (inherited === undefined) return own ?? nothingDeclared();
  if (own === undefined) return inherited;
  return {
    route: own.route ?? inherited.route,
    hooks: [...without(inherited.hooks, own.hooks), ...own.hooks],
    parameters: [...without(inherited.parameters, own.hooks, own.parameters), ...own.parameters],
    returns: [...without(inherited.returns, own.hooks, own.returns), ...own.returns],
    rateLimits: [...without(inherited.rateLimits, own.hooks, own.rateLimits), ...own.rateLimits],
    emits: { ...inherited.emits, ...own.emits },
    mistakes: [...inherited.mistakes, ...own.mistakes],
  };
}

interface OfMethod {
  readonly method: PropertyKey;
}

/** What is said of the methods that none of the other declarations are about. */
function without<Declaration extends OfMethod>(
  declarations: readonly Declaration[],
  ...others: readonly (readonly OfMethod[])[]
): Declaration[] {
  const methods = new Set(others.flat().map(({ method }) => method));
  return declarations.filter(({ method }) => !methods.has(method));
}

function nothingDeclared(): ControllerMetadata {
  return {
    route: undefined,
    hooks: [],
    parameters: [],
    returns: [],
    rateLimits: [],
    emits: {},
    mistakes: [],
  };
}
