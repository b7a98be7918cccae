import { recordMistake, recordStandardMode } from './declaration-mistakes.ts';
import { nearestNames } from './nearest-names.ts';
import type { Provider } from './provider.ts';
import type { AbstractType, ForwardReference, Token, Type } from './token.ts';

const GLOBAL_MODULE = '__module:global__';
const MODULE_KEYS = ['imports', 'providers', 'controllers', 'exports'] as const;

/** What a module is made of; a key of `@Module()` each. */
export interface ModuleMetadata {
  /** Modules whose exports the providers and controllers of this one may inject. */
  readonly imports?: readonly ModuleImport[];
  readonly providers?: readonly Provider[];
  readonly controllers?: readonly Type<object>[];
  /** Providers of this module, or modules it imports, that are there for whoever imports this one. */
  readonly exports?: readonly ModuleExport[];
}

/** A module made by a call, such as `DbModule.forRoot(options)`: its metadata is added to its class's. */
export interface DynamicModule extends ModuleMetadata {
  readonly module: Type;
  /** Whether its exports are there for every module, as with `@Global()`. Default `false`. */
  readonly global?: boolean;
}

/** A dynamic module in the types of `@nestjs/common`, whose enums and tokens are not ours to the compiler. */
interface ForeignModule {
  readonly module: Type;
}

export type ModuleImport =
  | Type
  | DynamicModule
  | ForeignModule
  | Promise<DynamicModule | ForeignModule>
  | ForwardReference;

export type ModuleExport = Token | Provider | AbstractType | DynamicModule | ForwardReference;

const declaredModules = new WeakSet<object>();

/** Records the metadata of a module; a key that modules do not have is reported at start. */
export function recordModule(target: object, context: unknown, metadata: ModuleMetadata): void {
  declaredModules.add(target);
  recordStandardMode(target, context);
  expectRejections(metadata.imports);
  for (const [key, value] of Object.entries(metadata)) {
    if (isModuleKey(key)) Reflect.defineMetadata(key, value, target);
    else recordUnknownKey(target, key);
  }
}

/** Keeps promises that reject before their module is scanned from ending the process: the scan reports them. */
export function expectRejections(imports: unknown): void {
  if (!Array.isArray(imports)) return;
  for (const imported of imports) if (imported instanceof Promise) imported.catch(() => {});
}

export function recordGlobal(target: object, context: unknown): void {
  recordStandardMode(target, context);
  Reflect.defineMetadata(GLOBAL_MODULE, true, target);
}

/** What `@Module()` said, ours or @nestjs/common's; lists are unchecked. */
export function moduleMetadata(type: object): Readonly<Record<keyof ModuleMetadata, unknown>> {
  return {
    imports: Reflect.getMetadata('imports', type),
    providers: Reflect.getMetadata('providers', type),
    controllers: Reflect.getMetadata('controllers', type),
    exports: Reflect.getMetadata('exports', type),
  };
}

export function isGlobalModule(type: object): boolean {
  return Reflect.getMetadata(GLOBAL_MODULE, type) === true;
}

/**
 * Whether a class was meant to be a module. @nestjs/common's `@Module({})` leaves nothing to see, so with
 * that one alone a class counts only where it is the `module` of a dynamic module.
 */
export function isModuleType(type: object): boolean {
  if (declaredModules.has(type)) return true;
  return [GLOBAL_MODULE, ...MODULE_KEYS].some(key => Reflect.hasMetadata(key, type));
}

function isModuleKey(key: string): key is keyof ModuleMetadata {
  return (MODULE_KEYS as readonly string[]).includes(key);
}

function recordUnknownKey(target: object, key: string): void {
  const [nearest] = nearestNames(key, MODULE_KEYS);
  recordMistake(target, {
    code: 'GATEWIRE_UNKNOWN_OPTION',
    where: (target as { name: string }).name,
    what: `@Module() has no key "${key}"`,
    fix:
      nearest === undefined
        ? 'Use imports, providers, controllers and exports only'
        : `Did you mean "${nearest}"?`,
  });
}
