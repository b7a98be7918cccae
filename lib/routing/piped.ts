import type { DataSource } from '../metadata/controller-metadata.ts';
import type { ArgumentContext, Parameter } from './argument-context.ts';
import { resolveType } from './body-type.ts';
import type { PipedPlan } from './plan.ts';

/** What pipes run on a parameter after the class's: its method's, then its own; and the type they are told. */
export function piped(
  parameter: Parameter,
  { type, pipes = [] }: Pick<DataSource, 'type' | 'pipes'>,
  context: Pick<ArgumentContext, 'pipes'>,
): Omit<PipedPlan, 'isDto'> {
  const metatype = type === undefined ? parameter.type : resolveType(type);
  return { metatype: Array.isArray(metatype) ? Array : metatype, pipes: [...context.pipes, ...pipes] };
}

/** Whether a parameter has pipes of its own. */
export function hasPipes({ pipes = [] }: Pick<DataSource, 'pipes'>): boolean {
  return pipes.length > 0;
}

/** Whether the same pipes run, in the same order. */
export function isSamePipes(one: PipedPlan, other: PipedPlan): boolean {
  return one.pipes.length === other.pipes.length && one.pipes.every((pipe, at) => pipe === other.pipes[at]);
}
