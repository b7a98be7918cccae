import type { ClassLibraries } from '../class-libraries.ts';
import type { ClassMetadata } from '../class-metadata.ts';
import type { DtoShape } from '../dto-shape.ts';
import type { DtoShapes } from '../dto-shapes.ts';
import { Preparation } from '../preparation.ts';
import type { ResolvedOptions, UnknownProperties } from '../validation-options.ts';
import type { Class } from '../validator.ts';
import { closeBuild } from './close-build.ts';
import { type Explain, explainer } from './explain.ts';
import { generateBuild } from './generate-build.ts';
import type { Tag } from './input-keys.ts';
import { type Build, type Builder, type ClassPlan, MISS } from './plan.ts';
import { planClass } from './plan-class.ts';
import { LEAVES, type Leaves, type PlanRule, rulePlanner } from './plan-rule.ts';

export interface CompilerContext {
  readonly libraries: ClassLibraries;
  readonly metadata: ClassMetadata;
  readonly shapes: DtoShapes;
  readonly options: ResolvedOptions;
  readonly unknown: UnknownProperties;
  /** Whether the values were texts, which do not lose the defaults of exposed properties. */
  readonly isText?: boolean;
}

/** What a spec may change to look at one part of the compiler. */
export interface CompilerSeams {
  readonly leaves?: Leaves;
  readonly usesClosures?: boolean;
  /** Breaks a plan on purpose. */
  readonly revise?: (plan: ClassPlan) => ClassPlan;
}

/** What became of one class. */
export interface CompiledClass extends Builder {
  /** `null` when only the libraries can build it; `reasons` says why. */
  plan: ClassPlan | null;
  reasons: readonly string[];
  readonly type: Class;
  /** Whether its code is generated; closures otherwise. */
  isGenerated: boolean;
  /** The compiled classes that hold it. */
  readonly holders: Set<CompiledClass>;
}

/** Compiles the DTO classes of one set of options: each once, and each that it holds. */
export class DtoCompiler {
  readonly #context: CompilerContext;
  readonly #seams: CompilerSeams;
  readonly #planRule: PlanRule;
  readonly #classes = new Map<Class, Map<string, CompiledClass>>();
  /** Finds the issues of what compiled code refused. */
  readonly explain: Explain;

  constructor(given: CompilerContext, seams: CompilerSeams = {}) {
    const context = { ...given, options: optionsInForce(given) };
    this.#context = context;
    this.#seams = seams;
    this.#planRule = rulePlanner(context.metadata, seams.leaves ?? LEAVES);
    this.explain = explainer({ ...context, usesClosures: seams.usesClosures === true });
  }

  /** Every class that was met so far. */
  get classes(): readonly CompiledClass[] {
    return [...this.#classes.values()].flatMap(made => [...made.values()]);
  }

  /** Whether one of the classes that were met has a `@Transform()`. */
  get hasTransforms(): boolean {
    return this.classes.some(({ type }) => this.#context.shapes.of(type).hasTransforms);
  }

  /** `tag` is the discriminator by which the class is chosen: without one it reads other keys. */
  compile(type: Class, tag: Tag | null = null): CompiledClass {
    const known = this.#classes.get(type) ?? new Map<string, CompiledClass>();
    this.#classes.set(type, known);
    const key = tag === null ? '' : `${tag.isKept} ${tag.property}`;
    return known.get(key) ?? this.#make(type, tag, made => known.set(key, made));
  }

  #make(type: Class, tag: Tag | null, keep: (made: CompiledClass) => void): CompiledClass {
    const made: CompiledClass = {
      ...{ build: () => MISS, plan: null, reasons: [], type },
      ...{ isGenerated: false, holders: new Set() },
    };
    // Known before it is compiled, because a DTO may hold others of its own class.
    keep(made);
    const shape = this.#context.shapes.of(type, tag?.property);
    const { metadata, options, libraries, unknown } = this.#context;
    const planned = planClass(shape, {
      metadata,
      options,
      libraries,
      unknown,
      tag,
      planRule: this.#planRule,
      nestedIn: (nested, by) => this.#nestedIn(nested, { holder: made, tag: by ?? null }),
      onPromise: () => giveUp(made),
    });
    const { revise = plan => plan } = this.#seams;
    const plan = 'properties' in planned ? revise(planned) : planned;
    if ('properties' in plan) return Object.assign(made, { plan, ...this.#codeOf(plan, made) });
    return Object.assign(made, { reasons: plan, build: this.#libraryBuild(shape, { made, tag }) });
  }

  #nestedIn(type: Class, { holder, tag }: { readonly holder: CompiledClass; readonly tag: Tag | null }) {
    const builder = this.compile(type, tag);
    builder.holders.add(holder);
    return { builder, plan: () => builder.plan };
  }

  #codeOf(plan: ClassPlan, made: CompiledClass): Pick<CompiledClass, 'build' | 'isGenerated'> {
    const onPromise = () => giveUp(made);
    try {
      if (!this.#seams.usesClosures) return { build: generateBuild(plan, onPromise), isGenerated: true };
    } catch (error) {
      if (!(error instanceof EvalError)) throw error;
    }
    return { build: closeBuild(plan, onPromise), isGenerated: false };
  }

  /** A class that cannot be compiled, inside of one that is. */
  #libraryBuild(
    shape: DtoShape,
    { made, tag }: { readonly made: CompiledClass; readonly tag: Tag | null },
  ): Build {
    const { libraries, options, unknown } = this.#context;
    const type = shape.type as new () => object;
    return value => {
      const preparation = new Preparation({ unknown, isText: false });
      const plain = preparation.object(shape, value);
      if (plain === undefined || preparation.issues.total > 0) return MISS;
      if (tag && !tag.isKept) delete plain[tag.property];
      const instance = libraries.transformer.plainToInstance(type, plain, options.transformer);
      const errors = libraries.check(instance, options.validator);
      if (!(errors instanceof Promise)) return errors.length === 0 ? instance : MISS;
      errors.catch(() => undefined);
      for (const holder of made.holders) giveUp(holder);
      return MISS;
    };
  }
}

/** The options as the libraries would be given them for such values. */
function optionsInForce({ options, unknown, isText = false }: CompilerContext): ResolvedOptions {
  return {
    ...options,
    validator: { ...options.validator, ...unknownOptions(unknown) },
    transformer: { exposeDefaultValues: isText, ...options.transformer },
  };
}

/** class-validator's own options for what the DTO does not declare. */
export function unknownOptions(unknown: UnknownProperties) {
  return { whitelist: unknown !== 'keep', forbidNonWhitelisted: unknown === 'forbid' };
}

/** A constraint answered with a promise: from now on only the libraries check the class and those that hold it. */
function giveUp(made: CompiledClass): void {
  if (made.plan === null) return;
  made.plan = null;
  made.reasons = ['a constraint answers with a promise'];
  made.build = () => MISS;
  for (const holder of made.holders) giveUp(holder);
}
