import type { Mistake } from '../errors.ts';
import type { Class, ValueType } from '../validation/validation.ts';

/** A class as decorators see it. */
export type ControllerClass = abstract new (...args: never[]) => object;

/** The hooks a method can be declared for, in the order of a connection's life. */
export type HookName =
  | 'parse'
  | 'transform'
  | 'beforeHandle'
  | 'upgradeHeaders'
  | 'open'
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
  | { readonly from: 'body'; readonly key?: string; readonly type?: DeclaredType }
  | { readonly from: SlotName; readonly key?: string; readonly type?: DeclaredType }
  | { readonly from: 'connection' | 'handshake' | 'signal' | 'event' | 'closeCode' | 'closeReason' };

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
}

/** What the decorators of one class recorded, or of a class and its ancestors together. */
export interface ControllerMetadata {
  route: RouteDeclaration | undefined;
  hooks: HookDeclaration[];
  parameters: ParameterDeclaration[];
  mistakes: Mistake[];
}

const declared = new WeakMap<object, ControllerMetadata>();

/** The record of one class alone, made when its first decorator runs. */
export function declarationsOf(controller: object): ControllerMetadata {
  let own = declared.get(controller);
  if (own === undefined) {
    own = { route: undefined, hooks: [], parameters: [], mistakes: [] };
    declared.set(controller, own);
  }
  return own;
}

/**
 * What a class and its ancestors declare, ancestors first. A subclass that declares a method again
 * replaces what its ancestors said of that method, and never changes their record.
 */
export function controllerMetadata(controller: object): ControllerMetadata {
  const parent = Object.getPrototypeOf(controller);
  const own = declared.get(controller);
  const inherited = typeof parent === 'function' ? controllerMetadata(parent) : undefined;
  if (inherited === undefined) return own ?? { route: undefined, hooks: [], parameters: [], mistakes: [] };
  if (own === undefined) return inherited;
  const redeclared = new Set([...own.hooks, ...own.parameters].map(({ method }) => method));
  const isKept = ({ method }: { method: PropertyKey }) => !redeclared.has(method);
  return {
    route: own.route ?? inherited.route,
    hooks: [...inherited.hooks.filter(isKept), ...own.hooks],
    parameters: [...inherited.parameters.filter(isKept), ...own.parameters],
    mistakes: [...inherited.mistakes, ...own.mistakes],
  };
}
