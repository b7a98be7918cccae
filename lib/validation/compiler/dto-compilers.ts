import type { UnknownProperties } from '../validation-options.ts';
import { type CompilerContext, type CompilerSeams, DtoCompiler } from './dto-compiler.ts';

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
    if (this.#context.options.compile === 'off') return null;
    const known = this.#compilers.get(unknown) ?? new DtoCompiler({ ...this.#context, unknown }, this.#seams);
    this.#compilers.set(unknown, known);
    return known;
  }
}
