import type { ClassLibraries } from '../class-libraries.ts';
import type { ClassMetadata, Rule } from '../class-metadata.ts';
import type { PropertyShape } from '../dto-shape.ts';
import type { ResolvedOptions } from '../validation-options.ts';
import type { Class } from '../validator.ts';
import type { InputKeys, Tag } from './input-keys.ts';
import type { NestedClass } from './plan.ts';
import type { PlanRule } from './plan-rule.ts';

/** One property, and what its plan is made from. */
export interface PropertySource {
  readonly type: Class;
  readonly shape: PropertyShape;
  readonly rules: readonly Rule[];
  /** What the constructor left in it. */
  readonly initial: unknown;
}

export interface PropertyContext {
  readonly metadata: ClassMetadata;
  readonly libraries: ClassLibraries;
  readonly options: ResolvedOptions;
  readonly planRule: PlanRule;
  readonly keys: InputKeys;
  /** Gives the DTO class below a property, compiled or not; `tag` is the discriminator by which it is chosen. */
  readonly nestedIn: (type: Class, tag?: Tag) => NestedClass;
  /** To be called once a constraint answered with a promise. */
  readonly onPromise: () => void;
}
