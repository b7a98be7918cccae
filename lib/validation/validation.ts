import { Invalid, type Issue } from '../errors.ts';
import { type Check, type Guard, guarded, listCheck, unguarded, validatorOf } from './check.ts';
import { type ClassLibraries, loadClassLibraries } from './class-libraries.ts';
import { ClassMetadata } from './class-metadata.ts';
import type { CompilerSeams } from './compiler/dto-compiler.ts';
import { DtoCompilers } from './compiler/dto-compilers.ts';
import { type Compiled, type DtoReport, reportOf } from './compiler/report.ts';
import { type DtoContext, incomingCheck, outgoingCheck } from './dto-check.ts';
import { DtoShapes } from './dto-shapes.ts';
import { type DtoMistake, inspectDto } from './inspect-dto.ts';
import { JsonSchemas } from './json-schema/json-schemas.ts';
import { OutgoingCompiler } from './outgoing/outgoing-compiler.ts';
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
export type { JsonSchemas, SchemaUse } from './json-schema/json-schemas.ts';
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
  #classes: Classes | undefined;

  /** `seams` is for specs. */
  constructor(options: ValidationOptions = {}, seams: CompilerSeams = {}) {
    this.#options = resolveOptions(options);
    this.#seams = seams;
  }

  /**
   * Loads class-validator and class-transformer.
   *
   * @throws ConfigurationError with `GATEWIRE_MISSING_PACKAGE` when one is missing or installed twice.
   */
  async load(): Promise<void> {
    if (this.#classes) return;
    this.#use(await loadClassLibraries());
  }

  /** The same for other options, of which nothing is taken over; what it compiles is part of this one's report. */
  with(options: ValidationOptions): Validation {
    const derived = new Validation(options, this.#seams);
    if (this.#classes) derived.#use(this.#classes.libraries);
    this.#derived.push(derived);
    return derived;
  }

  #use(libraries: ClassLibraries): void {
    const metadata = new ClassMetadata(libraries, this.#options);
    const shapes = new DtoShapes(metadata);
    const context = { libraries, metadata, shapes, options: this.#options };
    const compilers = new DtoCompilers(context, this.#seams);
    const outgoing = new OutgoingCompiler(context, this.#seams);
    this.#classes = { libraries, metadata, shapes, compilers, outgoing };
  }

  /** What is wrong with a DTO class and those below it, `compile: 'require'` included; call it before the validators of the class are made. */
  inspect(type: Class): readonly DtoMistake[] {
    const { metadata, compilers } = this.#loaded;
    const mistakes = inspectDto(type, metadata);
    return mistakes.length > 0 ? mistakes : compilers.mistakes(type);
  }

  /** What became of each DTO class that a validator was made for, and of those below it. */
  report(): readonly DtoReport[] {
    if (!this.#classes) return [];
    if (this.#options.compile === 'off') return [];
    const classes = [this, ...this.#derived].flatMap(validation => validation.#compiled);
    return reportOf(classes, { metadata: this.#classes.metadata, unknown: this.#options.unknown });
  }

  /** Decoded JSON: gives the instance, the list of instances, or what the schema makes of it. */
  json(type: ValueType): Validator {
    return this.#incoming(type, this.#reading(this.#options.unknown, false));
  }

  /** A record of texts, and lists of texts where a key was repeated: read by the types that the DTO declares. */
  text(type: ValueType, { stripsUnknown = false }: TextOptions = {}): Validator {
    const unknown = stripsUnknown ? 'strip' : this.#options.unknown;
    return this.#incoming(type, this.#reading(unknown, true));
  }

  /**
   * A handler's value, plain or an instance: gives what is to be serialised. Its issues are for the log, so they
   * are never left out, and what a getter or a `@Transform()` of the DTO throws is thrown.
   */
  outgoing(type: ValueType): Validator {
    return validatorOf(this.#check(type, outgoingCheck, unguarded), { isTerse: false, guard: unguarded });
  }

  /** The JSON Schemas of what the validators take; `root` is where their definitions will be found. */
  jsonSchemas(root = '#/definitions'): JsonSchemas {
    return new JsonSchemas(() => ({ ...this.#loaded, options: this.#options }), root);
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
    const check = this.#check(type, context => incomingCheck(context, reading), guarded);
    return validatorOf(check, { isTerse: this.#options.isTerse, guard: guarded });
  }

  #check(type: ValueType, checkOf: (context: DtoContext) => Check, guard: Guard): Check {
    if (isStandardSchema(type)) return schemaCheck(type);
    if (Array.isArray(type)) return listCheck(guard(this.#check(type[0], checkOf, guard)));
    const { libraries, metadata, shapes, compilers, outgoing } = this.#loaded;
    const shape = shapes.of(type as Class);
    const compilerFor = (reading: Reading) => compilers.for(reading);
    const sent = this.#options.compile === 'off' ? null : outgoing;
    return checkOf({ libraries, metadata, options: this.#options, shape, compilerFor, outgoing: sent });
  }

  get #compiled(): readonly Compiled[] {
    if (!this.#classes) return [];
    const { compilers, outgoing } = this.#classes;
    return [...compilers.classes, ...outgoing.classes];
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
  readonly compilers: DtoCompilers;
  readonly outgoing: OutgoingCompiler;
}
