import { recordInject, recordInjectable, recordOptional } from '../injection/injectable-metadata.ts';
import type { ScopeOptions } from '../injection/scope.ts';
import type { ForwardReference, Token } from '../injection/token.ts';

/** For a constructor parameter or a property. */
export type InjectionDecorator = (target: object, key: string | symbol | undefined, index?: number) => void;

/**
 * Lets a class be created by the container: the types of its constructor's parameters are what it is given.
 * One instance serves the application unless `scope` says otherwise; on a controller too.
 */
export function Injectable(options?: ScopeOptions): ClassDecorator {
  return (target, ...context: unknown[]) => recordInjectable(target, context[0], options);
}

/**
 * Names what to inject where the type does not: `@Inject('OPTIONS')`, `@Inject(forwardRef(() => Later))`.
 * On a property it is assigned right after the constructor has run; without a token the type is taken.
 */
export function Inject(...token: [token?: Token | ForwardReference]): InjectionDecorator {
  const named = token.length === 0 ? undefined : { given: token[0] };
  return (target, key, index) => recordInject({ target, key, index }, named);
}

/** Lets the parameter or property be `undefined` when nobody provides what it asks for. */
export function Optional(): InjectionDecorator {
  return (target, key, index) => recordOptional({ target, key, index });
}
