import type { Mistake } from '../errors.ts';
import { isMistake } from './declaration-mistakes.ts';
import { endsWithin, timeoutFix } from './lifecycle-timeout.ts';
import { type DynamicModule, isModuleType } from './module-metadata.ts';
import type { Overrides } from './overrides.ts';
import { describeValue, isForwardReference, isType, type Type, tokenName } from './token.ts';

/** A module as it was imported: by its class alone, or by a dynamic module. */
export interface ImportedModule {
  readonly type: Type;
  readonly dynamic: DynamicModule | undefined;
  /** The class it was imported by, which is another one's when this module was put in its place. */
  readonly importedAs: Type;
}

/** Finds out which module an entry of `imports` means: it may be a class, an object, a promise or a reference. */
export class ImportResolver {
  readonly #overrides: Overrides;
  /** A reference that builds a dynamic module is asked once: each call would make another module. */
  readonly #references = new Map<object, unknown>();

  readonly #timeout: number;

  /** `timeout`: seconds that each dynamic module has to be made; 0 is for ever. */
  constructor(overrides: Overrides, timeout = 0) {
    this.#overrides = overrides;
    this.#timeout = timeout;
  }

  /** The module that an entry means, or what is wrong with it; `where` names the entry. */
  async resolve(entry: unknown, where: string): Promise<ImportedModule | Mistake> {
    try {
      const imported = readImport(await this.#dereference(entry), where);
      const replacement = isMistake(imported) ? undefined : this.#overrides.module(imported.type);
      if (isMistake(imported) || replacement === undefined) return imported;
      const replaced = readImport(await this.#dereference(replacement), `override of ${where}`);
      return isMistake(replaced) ? replaced : { ...replaced, importedAs: imported.type };
    } catch (error) {
      return invalidModule(where, 'the module could not be made', {
        got: String(error),
        fix: timeoutFix(error) ?? 'Correct what the call that makes it does or is given',
      });
    }
  }

  #dereference(entry: unknown): Promise<unknown> {
    return endsWithin(Promise.resolve(this.#read(entry)), this.#timeout);
  }

  #read(entry: unknown): unknown {
    if (!isForwardReference(entry)) return entry;
    if (!this.#references.has(entry)) this.#references.set(entry, entry.forwardRef());
    return this.#references.get(entry);
  }
}

function readImport(imported: unknown, where: string): ImportedModule | Mistake {
  if (isDynamicModule(imported)) {
    return { type: imported.module, dynamic: imported, importedAs: imported.module };
  }
  if (isType(imported) && isModuleType(imported)) {
    return { type: imported, dynamic: undefined, importedAs: imported };
  }
  if (imported === undefined || imported === null) {
    return invalidModule(
      where,
      'the module is missing, most often because its file and this one import each other',
      {
        got: String(imported),
        fix: 'Import it with forwardRef(() => TheModule) on both sides',
      },
    );
  }
  return invalidModule(where, 'not a module', {
    got: describeValue(imported),
    fix: isType(imported)
      ? `Decorate ${tokenName(imported)} with @Module(), or list it in providers or controllers`
      : 'Give a class with @Module(), or what its forRoot() or register() returns',
  });
}

function isDynamicModule(value: unknown): value is DynamicModule {
  return typeof value === 'object' && value !== null && 'module' in value && isType(value.module);
}

function invalidModule(where: string, what: string, { got, fix }: Pick<Mistake, 'got' | 'fix'>): Mistake {
  return { code: 'GATEWIRE_INVALID_MODULE', where, what, fix, ...(got === undefined ? {} : { got }) };
}
