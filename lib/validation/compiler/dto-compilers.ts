import type { DtoMistake } from '../inspect-dto.ts';
import type { UnknownProperties } from '../validation-options.ts';
import type { Class } from '../validator.ts';
import { type CompiledClass, type CompilerContext, type CompilerSeams, DtoCompiler } from './dto-compiler.ts';
import { notCompiled, reportOf } from './report.ts';

/** The compilers of an application: code differs by what becomes of undeclared properties. */
export class DtoCompilers {
  readonly #context: Omit<CompilerContext, 'unknown'>;
  readonly #seams: CompilerSeams;
  readonly #compilers = new Map<UnknownProperties, DtoCompiler>();

  constructor(context: Omit<CompilerContext, 'unknown'>, seams: CompilerSeams) {
    this.#context = context;
    this.#seams = seams;
  }

  /** `null` when the options switch compiling off. */
  for(unknown: UnknownProperties): DtoCompiler | null {
    return this.#context.options.compile === 'off' ? null : this.planning(unknown);
  }

  /** Whatever the options say: to read the plans, not to run the code. */
  planning(unknown: UnknownProperties): DtoCompiler {
    const known = this.#compilers.get(unknown) ?? new DtoCompiler({ ...this.#context, unknown }, this.#seams);
    this.#compilers.set(unknown, known);
    return known;
  }

  /** Every class that was met under any policy. */
  get classes(): readonly CompiledClass[] {
    return [...this.#compilers.values()].flatMap(compiler => compiler.classes);
  }

  /** The classes that have to be compiled and cannot be: this one and, unless they were met before, those below it. */
  mistakes(type: Class): readonly DtoMistake[] {
    const { options, metadata } = this.#context;
    const compiler = options.compile === 'require' ? this.for(options.unknown) : null;
    if (compiler === null) return [];
    const before = new Set(compiler.classes);
    compiler.compile(type);
    const met = compiler.classes.filter(made => made.type === type || !before.has(made));
    return reportOf(met, { metadata, unknown: options.unknown }).flatMap(report =>
      report.compiled ? [] : [notCompiled(report)],
    );
  }
}
