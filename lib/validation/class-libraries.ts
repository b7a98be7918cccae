import { dirname } from 'node:path';
import type { MetadataStorage as TransformerMetadata } from 'class-transformer/types/MetadataStorage.js';
import type {
  ValidationError,
  MetadataStorage as ValidatorMetadata,
  ValidatorOptions,
} from 'class-validator';
import type { ValidationUtils } from 'class-validator/types/validation/ValidationUtils.js';
import { ConfigurationError, type Mistake } from '../errors.ts';

/** class-validator and class-transformer, once loaded, and what their decorators recorded. */
export interface ClassLibraries {
  readonly transformer: typeof import('class-transformer');
  readonly types: TransformerMetadata;
  readonly rules: ValidatorMetadata;
  /** Validates an instance: its errors, or a promise of them when at least one check answered with a promise. */
  readonly check: (
    instance: object,
    options: ValidatorOptions,
  ) => ValidationError[] | Promise<ValidationError[]>;
  /** Fills `$property`, `$constraint1` and the like into a message. */
  readonly fillMessage: typeof ValidationUtils.replaceMessageSpecialTokens;
  /** The names of class-validator's own constraints. */
  readonly constraintNames: ReadonlySet<unknown>;
}

const PACKAGES = ['class-validator', 'class-transformer'];

/**
 * Imports both packages; only routes with a DTO class need them, and class-validator costs 17.5 MB.
 *
 * @throws ConfigurationError with `GATEWIRE_MISSING_PACKAGE` when one is missing, or when the application
 *   below `applicationDirectory` would load another copy: its decorators would record where we do not look.
 */
export async function loadClassLibraries(applicationDirectory = dirname(Bun.main)): Promise<ClassLibraries> {
  const duplicates = PACKAGES.flatMap(name => describeDuplicate(name, applicationDirectory));
  if (duplicates.length > 0) throw new ConfigurationError(duplicates);
  try {
    return await importLibraries();
  } catch (cause) {
    throw new ConfigurationError([missingPackage(cause)], { cause });
  }
}

async function importLibraries(): Promise<ClassLibraries> {
  const [validator, transformer, types, { ValidationExecutor }, { ValidationUtils }] = await Promise.all([
    import('class-validator'),
    import('class-transformer'),
    importTypeMetadata(),
    import('class-validator/cjs/validation/ValidationExecutor.js'),
    import('class-validator/cjs/validation/ValidationUtils.js'),
  ]);
  const owner = new validator.Validator();
  return {
    transformer,
    types,
    rules: validator.getMetadataStorage(),
    fillMessage: ValidationUtils.replaceMessageSpecialTokens,
    // IS_EMAIL = 'isEmail' and so on.
    constraintNames: new Set(Object.values(validator).filter(exported => typeof exported === 'string')),
    // Not validate(), which is always asynchronous, nor validateSync(), for which a promise is a passed check.
    check: (instance, options) => {
      const executor = new ValidationExecutor(owner, options);
      const errors: ValidationError[] = [];
      executor.execute(instance, '', errors);
      if (executor.awaitingPromises.length === 0) return executor.stripEmptyErrors(errors);
      return Promise.all(executor.awaitingPromises).then(() => executor.stripEmptyErrors(errors));
    },
  };
}

/**
 * class-transformer does not export what its decorators recorded, and keeps it once in each of its builds:
 * Bun runs `cjs`, `bun build` bundles `esm5`. The store that sees a decorated class of ours is the right one.
 */
async function importTypeMetadata(): Promise<TransformerMetadata> {
  const { Expose } = await import('class-transformer');
  class Canary {}
  Expose()(Canary.prototype, 'seen');
  const hasSeen = (store: TransformerMetadata) => store.findExposeMetadata(Canary, 'seen') !== undefined;
  const { defaultMetadataStorage: run } = await import('class-transformer/cjs/storage.js');
  if (hasSeen(run)) return run;
  const { defaultMetadataStorage: bundled } = await import('class-transformer/esm5/storage.js');
  if (hasSeen(bundled)) return bundled;
  throw new Error('class-transformer keeps its metadata in neither cjs/storage.js nor esm5/storage.js');
}

function missingPackage(cause: unknown): Mistake {
  return {
    code: 'GATEWIRE_MISSING_PACKAGE',
    where: 'Validation of DTO classes',
    what: 'class-validator and class-transformer cannot be loaded',
    got: cause instanceof Error ? (cause.message.split('\n')[0] as string) : String(cause),
    fix: 'Run npm install class-validator@0.15 class-transformer@0.5',
  };
}

function describeDuplicate(name: string, applicationDirectory: string): Mistake[] {
  const ours = resolve(name, import.meta.dirname);
  const theirs = resolve(name, applicationDirectory);
  if (ours === theirs || ours === undefined || theirs === undefined) return [];
  return [
    {
      code: 'GATEWIRE_MISSING_PACKAGE',
      where: 'Validation of DTO classes',
      what: `${name} is installed twice, so one copy does not see the decorators of the other`,
      got: `${ours} and ${theirs}`,
      fix: `Keep one copy: npm ls ${name} shows who asks for which version`,
    },
  ];
}

/** Where a package is loaded from; nowhere, when it is missing or was bundled into one file. */
function resolve(name: string, from: string): string | undefined {
  try {
    return Bun.resolveSync(name, from);
  } catch {
    return undefined;
  }
}
