import type { ClassLibraries } from '../class-libraries.ts';
import type { ClassMetadata } from '../class-metadata.ts';
import type { CompilerSeams } from '../compiler/dto-compiler.ts';
import { type Build, MISS } from '../compiler/plan.ts';
import { LEAVES, type PlanRule, rulePlanner } from '../compiler/plan-rule.ts';
import type { DtoShapes } from '../dto-shapes.ts';
import type { ResolvedOptions } from '../validation-options.ts';
import type { Class } from '../validator.ts';
import { closeOutgoing } from './close-outgoing.ts';
import { generateOutgoing } from './generate-outgoing.ts';
import type { OutgoingPlan } from './outgoing-plan.ts';
import { planOutgoing } from './plan-outgoing.ts';

export interface OutgoingCompilerContext {
  readonly libraries: ClassLibraries;
  readonly metadata: ClassMetadata;
  readonly shapes: DtoShapes;
  readonly options: ResolvedOptions;
}

/** The compiled check of what is sent: it gives what is to be serialised, or `MISS`, which is no verdict. */
export interface OutgoingClass {
  readonly type: Class;
  build: Build;
  /** `null` when only the libraries can check it. */
  plan: OutgoingPlan | null;
  /** Why only the libraries can check it; `null` while it is compiled. */
  reason: string | null;
  /** The classes that hold it. */
  readonly holders: Set<OutgoingClass>;
}

/** Compiles the DTO classes whose values are sent: each once, and each that it holds. */
export class OutgoingCompiler {
  readonly #context: OutgoingCompilerContext;
  readonly #usesClosures: boolean;
  readonly #planRule: PlanRule;
  readonly #classes = new Map<Class, OutgoingClass>();

  constructor(
    context: OutgoingCompilerContext,
    { leaves = LEAVES, usesClosures = false }: CompilerSeams = {},
  ) {
    this.#context = context;
    this.#usesClosures = usesClosures;
    this.#planRule = rulePlanner(context.metadata, leaves);
  }

  /** Every class that was met so far, and why it is left to the libraries when it is sent. */
  get classes(): readonly { readonly type: Class; readonly reasons: readonly string[] }[] {
    return [...this.#classes.values()].map(({ type, reason }) => {
      return { type, reasons: reason === null ? [] : [`when it is sent: ${reason}`] };
    });
  }

  compile(type: Class): OutgoingClass {
    return this.#classes.get(type) ?? this.#make(type);
  }

  #make(type: Class): OutgoingClass {
    const made: OutgoingClass = { type, plan: null, build: () => MISS, reason: null, holders: new Set() };
    // Known before it is compiled, because a DTO may hold others of its own class.
    this.#classes.set(type, made);
    const plan = planOutgoing(this.#context.shapes.of(type), {
      ...this.#context,
      planRule: this.#planRule,
      builderOf: nested => this.#heldBy(made, nested),
    });
    if (typeof plan === 'string') leave(made, plan);
    else if (made.reason === null) Object.assign(made, { plan, build: this.#codeOf(plan, made) });
    return made;
  }

  #heldBy(holder: OutgoingClass, type: Class): OutgoingClass {
    const held = this.compile(type);
    held.holders.add(holder);
    if (held.reason !== null) leave(holder, `${type.name}: ${held.reason}`);
    return held;
  }

  #codeOf(plan: OutgoingPlan, made: OutgoingClass): Build {
    const onPromise = () => leave(made, 'a constraint answers with a promise');
    try {
      if (!this.#usesClosures) return generateOutgoing(plan, onPromise);
    } catch (error) {
      if (!(error instanceof EvalError)) throw error;
    }
    return closeOutgoing(plan, onPromise);
  }
}

/** Leaves a class, and those that hold it, to the libraries from now on. */
function leave(made: OutgoingClass, reason: string): void {
  if (made.reason !== null) return;
  made.reason = reason;
  made.plan = null;
  made.build = () => MISS;
  for (const holder of made.holders) leave(holder, `${made.type.name}: ${reason}`);
}
