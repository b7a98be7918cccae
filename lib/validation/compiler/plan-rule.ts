import type { ClassMetadata, Rule } from '../class-metadata.ts';
import { isOwnRule } from './guard-leaf.ts';
import { LEAF_KINDS, type LeafKinds } from './leaves.ts';
import type { Leaf, RulePlan } from './plan.ts';
import { TEXT_LEAF_KINDS } from './text-leaves.ts';

export type PlanRule = (rule: Rule) => RulePlan;

/** What a spec replaces to see whether a broken predicate would be noticed. */
export interface Leaves {
  readonly kinds: LeafKinds;
  readonly isOwnRule: typeof isOwnRule;
}

export const LEAVES: Leaves = { kinds: new Map([...LEAF_KINDS, ...TEXT_LEAF_KINDS]), isOwnRule };

/** Plans rules: with an inlined predicate where there is one and the rule is what its name says. */
export function rulePlanner(metadata: ClassMetadata, leaves: Leaves = LEAVES): PlanRule {
  return rule => {
    const constraints = metadata.constraintsOf(rule);
    return { rule, each: rule.each === true, leaf: leafOf(rule, constraints, leaves), constraints };
  };
}

function leafOf(rule: Rule, constraints: RulePlan['constraints'], leaves: Leaves): Leaf | null {
  const [constraint, ...others] = constraints;
  const kind = leaves.kinds.get(rule.name ?? '');
  if (!kind || !constraint || others.length > 0 || constraint.async || constraint.name !== rule.name)
    return null;
  const leaf = kind.leafOf(rule.constraints ?? []);
  return leaf !== null && leaves.isOwnRule(rule, constraint, { kind, leaf }) ? leaf : null;
}
