import { Invalid, type Issue } from '../errors.ts';
import { type Check, guarded, listCheck, validatorOf } from './check.ts';
import { type ClassLibraries, loadClassLibraries } from './class-libraries.ts';
import { ClassMetadata } from './class-metadata.ts';
import { type DtoContext, incomingCheck, outgoingCheck } from './dto-check.ts';
import { DtoShapes } from './dto-shapes.ts';
import { type DtoMistake, inspectDto } from './inspect-dto.ts';
import type { Reading } from './preparation.ts';
import { type JsonScalar, jsonScalar, type TextScalar, textScalar } from './scalar.ts';
import { schemaCheck } from './schema-check.ts';
import { isStandardSchema } from './standard-schema.ts';
import { type ResolvedOptions, resolveOptions, type ValidationOptions } from './validation-options.ts';
import type { Class, Validator, ValueType } from './validator.ts';

export type { DtoMistake } from './inspect-dto.ts';
export { gatherIssues, joinPath } from './issue-list.ts';
export type { JsonScalar, TextScalar } from './scalar.ts';
export { isStandardSchema, type StandardSchema } from './standard-schema.ts';
export type { ValidationOptions } from './validation-options.ts';
export type { Class, Validator, ValueType } from './validator.ts';

export interface TextOptions {
  /** Strips what the DTO does not declare whatever the options say: any client sends headers of its own. */
  readonly stripsUnknown?: boolean;
}

/**
 * Makes the validators of an application: each once, at start, for one type and one set of options.
 *
 * A DTO class needs `load()` first; a scalar or a Standard Schema does not.
 */
export class Validation {
  readonly #options: ResolvedOptions;
  #classes: Classes | undefined;

  constructor(options: ValidationOptions = {}) {
    this.#options = resolveOptions(options);
  }

  /**
   * Loads class-validator and class-transformer.
   *
   * @throws ConfigurationError with `GATEWIRE_MISSING_PACKAGE` when one is missing or installed twice.
   */
  async load(): Promise<void> {
    if (this.#classes) return;
    const libraries = await loadClassLibraries();
    const metadata = new ClassMetadata(libraries, this.#options);
    this.#classes = { libraries, metadata, shapes: new DtoShapes(metadata) };
  }

  /** What is wrong with a DTO class and those below it; call it before the validators of the class are made. */
  inspect(type: Class): readonly DtoMistake[] {
    return inspectDto(type, this.#loaded.metadata);
  }

  /** Decoded JSON: gives the instance, the list of instances, or what the schema makes of it. */
  json(type: ValueType): Validator {
    return this.#incoming(type, { unknown: this.#options.unknown, isText: false });
  }

  /** A record of texts, and lists of texts where a key was repeated: read by the types that the DTO declares. */
  text(type: ValueType, { stripsUnknown = false }: TextOptions = {}): Validator {
    const unknown = stripsUnknown ? 'strip' : this.#options.unknown;
    return this.#incoming(type, { unknown, isText: true });
  }

  /**
   * A handler's value, plain or an instance: gives what is to be serialised. Its issues are for the log, so they
   * are never left out, and what a getter or a `@Transform()` of the DTO throws is thrown.
   */
  outgoing(type: ValueType): Validator {
    return validatorOf(this.#check(type, outgoingCheck), false);
  }

  /** One text by its key; `undefined` stays `undefined`. */
  scalar(type: TextScalar, path: string): Validator {
    return textScalar(type, path, this.#options.isTerse);
  }

  /** A decoded JSON value that must be of that type already; `undefined` is not. */
  jsonScalar(type: JsonScalar, path: string): Validator {
    return jsonScalar(type, path, this.#options.isTerse);
  }

  /** The failure of a check of the caller's own, without its text where errors are terse. */
  invalid(issue: Issue): Invalid {
    return new Invalid(this.#options.isTerse ? [] : [issue]);
  }

  #incoming(type: ValueType, reading: Reading): Validator {
    const check = this.#check(type, context => incomingCheck(context, reading), guarded);
    return validatorOf(check, this.#options.isTerse);
  }

  #check(
    type: ValueType,
    checkOf: (context: DtoContext) => Check,
    guard: (check: Check) => Check = check => check,
  ): Check {
    if (isStandardSchema(type)) return guard(schemaCheck(type));
    if (Array.isArray(type)) return listCheck(this.#check(type[0], checkOf, guard));
    const { libraries, metadata, shapes } = this.#loaded;
    return guard(checkOf({ libraries, metadata, options: this.#options, shape: shapes.of(type as Class) }));
  }

  get #loaded(): Classes {
    if (!this.#classes) throw new Error('Validation.load() was not awaited before a DTO class was given');
    return this.#classes;
  }
}

interface Classes {
  readonly libraries: ClassLibraries;
  readonly metadata: ClassMetadata;
  readonly shapes: DtoShapes;
}
