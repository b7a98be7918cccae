import type { Build } from '../compiler/plan.ts';
import type { PropertyChecks } from '../compiler/plan-checks.ts';
import type { Plain } from '../undeclared.ts';

/** All there is to do for one class whose values are sent. */
export interface OutgoingPlan {
  readonly type: new () => object;
  readonly properties: readonly OutgoingProperty[];
  /** The instance that the libraries would be given: what constraints and `@Transform()` may look at. */
  readonly instanceOf: (value: Plain) => object;
}

export interface OutgoingProperty {
  readonly name: string;
  /** The name under which it is sent; `null` when it is checked only. */
  readonly output: string | null;
  readonly checks: PropertyChecks;
  /** What its value becomes; `null` when its rules let pass only what is sent as it is, or it is not sent at all. */
  readonly serialise: Build | null;
  /** What `@Transform()` does on the way out, before the value is serialised; `null` without one. */
  readonly transform: OutgoingTransform | null;
  /** Where `@Transform()` runs though the value lacks the property: it is exposed, or the constructor makes a field of it. */
  readonly visited: 'always' | 'of others' | 'given';
  /** Where a value that is no instance of the class, and lacks the property, has it from. */
  readonly absent: Absent;
  /** Whether what the constructor left there can be sent without a look at its own class. */
  readonly takesDefault: (value: unknown) => boolean;
}

export type OutgoingTransform = (value: unknown, from: Plain) => unknown;

/** `libraries`: from an accessor that is checked and not sent. */
export type Absent = 'nowhere' | 'constructor' | 'accessor' | 'libraries';
