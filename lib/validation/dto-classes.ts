import type { Check } from './check.ts';
import type { ClassLibraries } from './class-libraries.ts';
import { ClassMetadata } from './class-metadata.ts';
import type { CompilerSeams } from './compiler/dto-compiler.ts';
import { DtoCompilers } from './compiler/dto-compilers.ts';
import { type Compiled, type DtoReport, reportOf } from './compiler/report.ts';
import { type DtoContext, incomingCheck, outgoingCheck } from './dto-check.ts';
import { DtoShapes } from './dto-shapes.ts';
import { type DtoMistake, inspectDto } from './inspect-dto.ts';
import { OutgoingCompiler } from './outgoing/outgoing-compiler.ts';
import type { Reading } from './preparation.ts';
import type { ResolvedOptions } from './validation-options.ts';
import type { Class } from './validator.ts';

/**
 * The checks of DTO classes for one set of options. It is loaded with the first DTO class: an application without
 * any would hold the compiler for nothing.
 */
export class DtoClasses {
  readonly libraries: ClassLibraries;
  readonly metadata: ClassMetadata;
  readonly shapes: DtoShapes;
  readonly compilers: DtoCompilers;
  readonly outgoing: OutgoingCompiler;
  readonly options: ResolvedOptions;
  readonly #seams: CompilerSeams;

  constructor(libraries: ClassLibraries, options: ResolvedOptions, seams: CompilerSeams) {
    const metadata = new ClassMetadata(libraries, options);
    const shapes = new DtoShapes(metadata);
    const context = { libraries, metadata, shapes, options };
    this.libraries = libraries;
    this.metadata = metadata;
    this.shapes = shapes;
    this.compilers = new DtoCompilers(context, seams);
    this.outgoing = new OutgoingCompiler(context, seams);
    this.options = options;
    this.#seams = seams;
  }

  /** The same for other options. */
  with(options: ResolvedOptions): DtoClasses {
    return new DtoClasses(this.libraries, options, this.#seams);
  }

  /** What is wrong with a class and those below it. */
  inspect(type: Class): readonly DtoMistake[] {
    const mistakes = inspectDto(type, this.metadata);
    return mistakes.length > 0 ? mistakes : this.compilers.mistakes(type);
  }

  /** Every class that was met. */
  get compiled(): readonly Compiled[] {
    return [...this.compilers.classes, ...this.outgoing.classes];
  }

  /** What became of classes, which may be those of other options too. */
  report(classes: readonly Compiled[]): readonly DtoReport[] {
    return reportOf(classes, { metadata: this.metadata, unknown: this.options.unknown });
  }

  /** The check of what a client sends. */
  incoming(type: Class, reading: Reading): Check {
    return incomingCheck(this.#context(type), reading);
  }

  /** The keys that this check reads of a record; `null` where any may matter. */
  names(type: Class, { unknown }: Reading): readonly string[] | null {
    const { inputs, hasTransforms } = this.shapes.of(type);
    return unknown === 'strip' && !hasTransforms ? [...inputs.keys()] : null;
  }

  /** The check of what is sent. */
  sent(type: Class): Check {
    return outgoingCheck(this.#context(type));
  }

  #context(type: Class): DtoContext {
    const { libraries, metadata, options, compilers } = this;
    const outgoing = options.compile === 'off' ? null : this.outgoing;
    const compilerFor = (reading: Reading) => compilers.for(reading);
    return { libraries, metadata, options, shape: this.shapes.of(type), compilerFor, outgoing };
  }
}
