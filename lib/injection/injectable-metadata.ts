import { parameterTypes, propertyType } from '../reflected-types.ts';
import { isStandardContext, recordMistake, recordStandardMode } from './declaration-mistakes.ts';
import { Scope, type ScopeOptions } from './scope.ts';

// NestJS's own keys: a class decorated by @nestjs/common is read as one decorated by us, and the reverse.
const INJECTABLE = '__injectable__';
const SCOPE_OPTIONS = 'scope:options';
const PARAMETERS = 'self:paramtypes';
const PROPERTIES = 'self:properties_metadata';
const OPTIONAL_PARAMETERS = 'optional:paramtypes';
const OPTIONAL_PROPERTIES = 'optional:properties_metadata';

/** A constructor parameter with `@Inject()`. */
export interface InjectedParameter {
  readonly index: number;
  /** A token or a forward reference; `undefined` when the file that declares it was not loaded yet. */
  readonly param: unknown;
}

/** A property with `@Inject()`. */
export interface InjectedProperty {
  readonly key: string | symbol;
  readonly type: unknown;
}

/** Where a decorator for constructor parameters and properties was put. */
export interface InjectionPoint {
  readonly target: object;
  readonly key: string | symbol | undefined;
  /** A parameter's index; `undefined` for a property, a descriptor for a method or an accessor. */
  readonly index: unknown;
}

export function recordInjectable(target: object, context: unknown, options: ScopeOptions | undefined): void {
  recordStandardMode(target, context);
  Reflect.defineMetadata(INJECTABLE, true, target);
  Reflect.defineMetadata(SCOPE_OPTIONS, options, target);
}

/** Records a token; without one the parameter's or the property's own type is taken. */
export function recordInject(point: InjectionPoint, token: { readonly given: unknown } | undefined): void {
  const { target, key, index } = point;
  if (isParameter(point)) {
    const param = token === undefined ? parameterTypes(target)?.[index as number] : token.given;
    Reflect.defineMetadata(PARAMETERS, [...injectedParameters(target), { index, param }], target);
  } else if (isProperty(point)) {
    const type = token === undefined ? propertyType(target, key as string) : token.given;
    const others = injectedProperties(target.constructor).filter(property => property.key !== key);
    Reflect.defineMetadata(PROPERTIES, [...others, { key, type }], target.constructor);
  } else recordMisplaced(point, 'Inject');
}

/** Records that `undefined` will do when nobody provides the token. */
export function recordOptional(point: InjectionPoint): void {
  const { target, key, index } = point;
  if (isParameter(point)) {
    Reflect.defineMetadata(OPTIONAL_PARAMETERS, [...optionalParameters(target), index], target);
  } else if (isProperty(point)) {
    const keys = [...optionalProperties(target.constructor), key];
    Reflect.defineMetadata(OPTIONAL_PROPERTIES, keys, target.constructor);
  } else recordMisplaced(point, 'Optional');
}

/** The scope a class asks for; a subclass that says nothing has its parent's. */
export function scopeOf(type: object): Scope {
  const options: ScopeOptions | undefined = Reflect.getMetadata(SCOPE_OPTIONS, type);
  return options?.scope ?? Scope.DEFAULT;
}

export function injectedParameters(type: object): readonly InjectedParameter[] {
  return Reflect.getOwnMetadata(PARAMETERS, type) ?? [];
}

export function optionalParameters(type: object): readonly number[] {
  return Reflect.getOwnMetadata(OPTIONAL_PARAMETERS, type) ?? [];
}

/** The injected properties of a class, its ancestors' among them. */
export function injectedProperties(type: object): readonly InjectedProperty[] {
  return Reflect.getMetadata(PROPERTIES, type) ?? [];
}

export function optionalProperties(type: object): readonly (string | symbol)[] {
  return Reflect.getMetadata(OPTIONAL_PROPERTIES, type) ?? [];
}

function isParameter({ key, index }: InjectionPoint): boolean {
  return key === undefined && typeof index === 'number';
}

function isProperty({ target, key, index }: InjectionPoint): boolean {
  return typeof target === 'object' && key !== undefined && index === undefined;
}

function recordMisplaced({ target, key, index }: InjectionPoint, decorator: string): void {
  // In standard mode there is no class to record anything for: its @Injectable() or @Module() does.
  if (isStandardContext(key)) return;
  const owner = typeof target === 'function' ? target : target.constructor;
  const member = `${owner.name}.${String(key)}`;
  recordMistake(owner, {
    code: 'GATEWIRE_MISPLACED_DECORATOR',
    where: typeof index === 'number' ? `${member}() parameter ${index}` : member,
    what: `@${decorator}() is for constructor parameters and instance properties`,
    fix: `Take the provider in the constructor of ${owner.name}`,
  });
}
