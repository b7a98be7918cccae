import { Invalid, type Issue } from '../errors.ts';
import { type Check, type Guard, guarded, listCheck, unguarded, validatorOf } from './check.ts';
import { loadClassLibraries } from './class-libraries.ts';
import type { CompilerSeams } from './compiler/dto-compiler.ts';
import type { DtoReport } from './compiler/report.ts';
import type { DtoClasses } from './dto-classes.ts';
import type { DtoMistake } from './inspect-dto.ts';
import type { JsonSchemas } from './json-schema/json-schemas.ts';
import type { Reading } from './preparation.ts';
import { type JsonScalar, jsonScalar, type TextScalar, textScalar } from './scalar.ts';
import { schemaCheck } from './schema-check.ts';
import { isStandardSchema } from './standard-schema.ts';
import {
  type ResolvedOptions,
  resolveOptions,
  type UnknownProperties,
  type ValidationOptions,
} from './validation-options.ts';
import type { Class, Validator, ValueType } from './validator.ts';

export type { DtoReport } from './compiler/report.ts';
export type { DtoMistake } from './inspect-dto.ts';
export { gatherIssues, joinPath } from './issue-list.ts';
export type { JsonSchema } from './json-schema/json-schema.ts';
export type { JsonSchemas } from './json-schema/json-schemas.ts';
export { recordOverride } from './json-schema/schema-overrides.ts';
export type { JsonScalar, TextScalar } from './scalar.ts';
export { isStandardSchema, type StandardSchema } from './standard-schema.ts';
export { VALIDATION_OPTIONS, type ValidationOptions } from './validation-options.ts';
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
  readonly #seams: CompilerSeams;
  readonly #derived: Validation[] = [];
  #classes: DtoClasses | undefined;

  /** `seams` is for specs. */
  constructor(options: ValidationOptions = {}, seams: CompilerSeams = {}) {
    this.#options = resolveOptions(options);
    this.#seams = seams;
  }

  /**
   * Loads class-validator, class-transformer and what compiles their classes.
   *
   * @throws ConfigurationError with `GATEWIRE_MISSING_PACKAGE` when one is missing or installed twice.
   */
  async load(): Promise<void> {
    if (this.#classes) return;
    const libraries = await loadClassLibraries();
    const { DtoClasses } = await import('./dto-classes.ts');
    this.#classes ??= new DtoClasses(libraries, this.#options, this.#seams);
  }

  /** The same for other options, of which nothing is taken over; what it compiles is part of this one's report. */
  with(options: ValidationOptions): Validation {
    const derived = new Validation(options, this.#seams);
    derived.#classes = this.#classes?.with(derived.#options);
    this.#derived.push(derived);
    return derived;
  }

  /** What is wrong with a DTO class and those below it, `compile: 'require'` included; call it before the validators of the class are made. */
  inspect(type: Class): readonly DtoMistake[] {
    return this.#loaded.inspect(type);
  }

  /** What became of each DTO class that a validator was made for, and of those below it. */
  report(): readonly DtoReport[] {
    if (!this.#classes || this.#options.compile === 'off') return [];
    return this.#classes.report([this, ...this.#derived].flatMap(each => each.#classes?.compiled ?? []));
  }

  /** Decoded JSON: gives the instance, the list of instances, or what the schema makes of it. */
  json(type: ValueType): Validator {
    return this.#incoming(type, this.#reading(this.#options.unknown, false));
  }

  /** A record of texts, and lists of texts where a key was repeated: read by the types that the DTO declares. */
  text(type: ValueType, { stripsUnknown = false }: TextOptions = {}): Validator {
    const unknown = stripsUnknown ? 'strip' : this.#options.unknown;
    const reading = this.#reading(unknown, true);
    const isClass = !isStandardSchema(type) && !Array.isArray(type);
    const names = isClass ? this.#loaded.names(type as Class, reading) : null;
    return { ...this.#incoming(type, reading), names };
  }

  /**
   * A handler's value, plain or an instance: gives what is to be serialised. Its issues are for the log, so they
   * are never left out, and what a getter or a `@Transform()` of the DTO throws is thrown.
   */
  outgoing(type: ValueType): Validator {
    return validatorOf(
      this.#check(type, dto => this.#loaded.sent(dto), unguarded),
      { isTerse: false, guard: unguarded },
    );
  }

  /** The JSON Schemas of what the validators take; `root` is where their definitions will be found. */
  async jsonSchemas(root = '#/definitions'): Promise<JsonSchemas> {
    const { JsonSchemas } = await import('./json-schema/json-schemas.ts');
    return new JsonSchemas(() => this.#loaded, root);
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

  #reading(unknown: UnknownProperties, isText: boolean): Reading {
    return { unknown, isText, isTerse: this.#options.isTerse };
  }

  #incoming(type: ValueType, reading: Reading): Validator {
    const check = this.#check(type, dto => this.#loaded.incoming(dto, reading), guarded);
    return validatorOf(check, { isTerse: this.#options.isTerse, guard: guarded });
  }

  #check(type: ValueType, checkOf: (dto: Class) => Check, guard: Guard): Check {
    if (isStandardSchema(type)) return schemaCheck(type);
    if (Array.isArray(type)) return listCheck(guard(this.#check(type[0], checkOf, guard)));
    return checkOf(type as Class);
  }

  get #loaded(): DtoClasses {
    if (!this.#classes) throw new Error('Validation.load() was not awaited before a DTO class was given');
    return this.#classes;
  }
}
