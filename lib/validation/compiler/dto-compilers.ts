import type { DtoMistake } from '../inspect-dto.ts';
import type { Reading } from '../preparation.ts';
import type { Class } from '../validator.ts';
import { type CompiledClass, type CompilerContext, type CompilerSeams, DtoCompiler } from './dto-compiler.ts';
import { notCompiled, reportOf } from './report.ts';

/** The compilers of an application: code differs by what becomes of undeclared properties, and for texts. */
export class DtoCompilers {
  readonly #context: Omit<CompilerContext, keyof Reading>;
  readonly #seams: CompilerSeams;
  readonly #compilers = new Map<string, DtoCompiler>();

  constructor(context: Omit<CompilerContext, keyof Reading>, seams: CompilerSeams) {
    this.#context = context;
    this.#seams = seams;
  }

  /** `null` when the options switch compiling off. */
  for(reading: Pick<Reading, 'unknown' | 'isText'>): DtoCompiler | null {
    return this.#context.options.compile === 'off' ? null : this.planning(reading);
  }

  /** Whatever the options say: to read the plans, not to run the code. */
  planning({ unknown, isText }: Pick<Reading, 'unknown' | 'isText'>): DtoCompiler {
    const key = `${unknown} ${isText}`;
    const known =
      this.#compilers.get(key) ?? new DtoCompiler({ ...this.#context, unknown, isText }, this.#seams);
    this.#compilers.set(key, known);
    return known;
  }

  /** Every class that was met under any policy. */
  get classes(): readonly CompiledClass[] {
    return [...this.#compilers.values()].flatMap(compiler => compiler.classes);
  }

  /** The classes that have to be compiled and cannot be: this one and, unless they were met before, those below it. */
  mistakes(type: Class): readonly DtoMistake[] {
    const { options, metadata } = this.#context;
    const compiler =
      options.compile === 'require' ? this.for({ unknown: options.unknown, isText: false }) : null;
    if (compiler === null) return [];
    const before = new Set(compiler.classes);
    compiler.compile(type);
    const met = compiler.classes.filter(made => made.type === type || !before.has(made));
    return reportOf(met, { metadata, unknown: options.unknown }).flatMap(report =>
      report.compiled ? [] : [notCompiled(report)],
    );
  }
}
