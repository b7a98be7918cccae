import type { Mistake } from '../errors.ts';
import { classDependencies } from './class-dependencies.ts';
import type { Binding, Dependency, Source } from './graph.ts';
import { scopeOf } from './injectable-metadata.ts';
import type { Overrides } from './overrides.ts';
import type { ProviderOverride } from './provider.ts';
import { Scope } from './scope.ts';
import {
  describeValue,
  isForwardReference,
  isToken,
  isType,
  type Token,
  type Type,
  tokenName,
} from './token.ts';

/** A provider as declared: a binding that is in no module yet. */
export type DeclaredProvider = Pick<Binding, 'token' | 'source' | 'scope' | 'dependencies'>;

/** Every key a provider may have; which are there is what reading it finds out. */
interface ProviderKeys {
  readonly provide?: unknown;
  readonly useClass?: unknown;
  readonly useValue?: unknown;
  readonly useFactory?: unknown;
  readonly useExisting?: unknown;
  readonly inject?: unknown;
  readonly scope?: Scope;
}

/** Reads one entry of `providers`, with what a test put in its place; `where` names the entry. */
export function readProvider(
  provider: unknown,
  where: string,
  overrides: Overrides,
): DeclaredProvider | Mistake {
  if (isType(provider)) {
    const override = overrides.provider(provider);
    return override === undefined ? readClass(provider, provider) : readOverride(provider, override, where);
  }
  if (typeof provider !== 'object' || provider === null) return invalid(where, describeValue(provider));
  const keys: ProviderKeys = provider;
  if (!isToken(keys.provide)) return invalid(where, describeValue(provider), '"provide" is not a token');
  const override = overrides.provider(keys.provide);
  return override === undefined
    ? readKeys(keys.provide, keys, where)
    : readOverride(keys.provide, override, where);
}

/** What a test put in the place of a provider. */
export function readOverride(
  token: Token,
  override: ProviderOverride,
  where: string,
): DeclaredProvider | Mistake {
  return readKeys(token, override, `override of ${where}`);
}

/** A class as the provider of a token, which is the class itself unless it stands for another. */
export function readClass(token: Token, type: Type, scope = scopeOf(type)): DeclaredProvider {
  return { token, source: { kind: 'class', type }, scope, dependencies: classDependencies(type) };
}

function readKeys(token: Token, keys: ProviderKeys, where: string): DeclaredProvider | Mistake {
  const { useClass, useFactory, useExisting, scope } = keys;
  const hasValue = Object.hasOwn(keys, 'useValue');
  const ways =
    [useClass, useFactory, useExisting].filter(way => way !== undefined).length + (hasValue ? 1 : 0);
  if (ways !== 1)
    return invalid(where, describeValue(keys), `${tokenName(token)} is provided in ${ways} ways`);
  if (hasValue) return readSource(token, { kind: 'value', value: keys.useValue }, []);
  if (isType(useClass)) return readClass(token, useClass, scope);
  if (typeof useFactory === 'function') return readFactory(token, keys, where);
  if (isToken(useExisting) || isForwardReference(useExisting)) {
    return readSource(token, { kind: 'existing' }, [dependency(useExisting, 0)]);
  }
  return invalid(
    where,
    describeValue(useClass ?? useFactory ?? useExisting),
    'what it is made of cannot be used',
  );
}

function readFactory(token: Token, keys: ProviderKeys, where: string): DeclaredProvider | Mistake {
  const inject = keys.inject ?? [];
  if (!Array.isArray(inject))
    return invalid(where, describeValue(inject), '"inject" is not a list of tokens');
  const source: Source = { kind: 'factory', create: keys.useFactory as (...values: unknown[]) => unknown };
  return { ...readSource(token, source, inject.map(factoryDependency)), scope: keys.scope ?? Scope.DEFAULT };
}

function factoryDependency(entry: unknown, index: number): Dependency {
  if (typeof entry !== 'object' || entry === null || !('token' in entry)) return dependency(entry, index);
  return dependency(entry.token, index, 'optional' in entry && entry.optional === true);
}

function dependency(reference: unknown, place: number, isOptional = false): Dependency {
  return { reference, place, isOptional, binding: undefined, isDeferred: false };
}

function readSource(token: Token, source: Source, dependencies: readonly Dependency[]): DeclaredProvider {
  return { token, source, scope: Scope.DEFAULT, dependencies };
}

function invalid(where: string, got: string, what = 'not a provider'): Mistake {
  const isUndefined = got === 'undefined' || got === 'null';
  return {
    code: 'GATEWIRE_INVALID_PROVIDER',
    where,
    what: isUndefined
      ? 'the provider is missing, most often because its file and this one import each other'
      : what,
    got,
    fix: isUndefined
      ? 'Move what both files need into a third one'
      : 'Give a class, or { provide, … } with one of useClass, useValue, useFactory and useExisting',
  };
}
