import type { Issue } from '../../errors.ts';
import type { IssueList } from '../issue-list.ts';
import type { Plain } from '../undeclared.ts';

/** One value whose issues are looked for: those found so far, and whether the rest can be found at all. */
export class Explanation {
  readonly issues: IssueList;
  /** Whether an issue at this path was reported already; `null` for a value that was not prepared. */
  readonly skips: ((path: string) => boolean) | null;
  /** How many DTOs and lists of them are above what is looked at. */
  depth = 0;
  #isUndecided = false;
  #needsPreparation = false;

  constructor(issues: IssueList, skips: Explanation['skips'] = null) {
    this.issues = issues;
    this.skips = skips;
  }

  get isPrepared(): boolean {
    return this.skips !== null;
  }

  /** Whether nothing that is still to come would change the answer. */
  get isOver(): boolean {
    return this.#isUndecided || this.issues.isDecided;
  }

  /** Whether its issues are those that class-validator would find: none mean that it knows better. */
  get isDecided(): boolean {
    return !this.#isUndecided && this.issues.total > 0;
  }

  /** Whether it is to be looked at again once it was prepared. */
  get needsPreparation(): boolean {
    return this.#needsPreparation;
  }

  /** Leaves the value to class-validator, which has the instance. */
  giveUp(): void {
    this.#isUndecided = true;
  }

  /** Leaves a value as it came to the preparation, which has something to say of it or to take away. */
  wantPreparation(): void {
    this.#needsPreparation = true;
    this.#isUndecided = true;
  }
}

/** One value of a property, and the rules that it failed so far. */
export interface Place {
  readonly value: unknown;
  readonly path: string;
  readonly failed: Issue[];
  readonly explanation: Explanation;
}

/** Finds the issues of an object at `path`: those that class-validator would find, without making the instance. */
export type ExplainObject = (value: Plain, path: string, explanation: Explanation) => void;
