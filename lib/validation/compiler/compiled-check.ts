import type { Check } from '../check.ts';
import type { DtoShape } from '../dto-shape.ts';
import type { IssueList } from '../issue-list.ts';
import { Preparation, type Reading } from '../preparation.ts';
import type { Plain } from '../undeclared.ts';
import type { CompiledClass } from './dto-compiler.ts';
import type { Explain } from './explain.ts';
import { MISS } from './plan.ts';

export interface CompiledContext {
  readonly compiled: CompiledClass;
  readonly shape: DtoShape;
  readonly reading: Reading;
  /** Whether the instance is wanted, or the checked plain value. */
  readonly givesInstance: boolean;
  readonly explain: Explain;
  /** What the libraries make of a value: the answer wherever compiled code has none. */
  readonly libraries: Check;
}

/** The check of a compiled class. */
export function compiledCheck(context: CompiledContext): Check {
  const { compiled, shape, reading, givesInstance, libraries } = context;
  const give = (value: unknown, instance: unknown) =>
    givesInstance ? instance : new Preparation(reading).object(shape, value);
  const explain = (value: unknown, preparation: Preparation, plain: Plain | undefined) => {
    if (plain === undefined) return preparation.issues;
    const issues = explainPrepared(context, plain, preparation);
    return issues ?? libraries(value);
  };
  if (!reading.isText) {
    return value => {
      const instance = build(compiled, value);
      if (instance !== MISS) return give(value, instance);
      const preparation = new Preparation(reading);
      return explain(value, preparation, preparation.object(shape, value));
    };
  }
  return value => {
    const preparation = new Preparation(reading);
    const plain = preparation.object(shape, value);
    const instance = preparation.issues.total > 0 ? MISS : build(compiled, plain);
    return instance === MISS ? explain(value, preparation, plain) : give(value, instance);
  };
}

/** The issues of a value; `undefined` when only the libraries can tell, or when there are none to be found. */
function explainPrepared(
  { compiled, shape, explain }: CompiledContext,
  plain: Plain,
  preparation: Preparation,
): IssueList | undefined {
  if (compiled.plan === null) return undefined;
  const { issues } = preparation;
  const skips = (path: string) => preparation.hasReported(path);
  if (!explain(compiled.plan, plain, { issues, skips }) || issues.total === 0) return undefined;
  issues.sort([...shape.properties.keys()]);
  return issues;
}

/** What the user's own code throws, constructors and constraints, the libraries will meet again. */
function build(compiled: CompiledClass, value: unknown): unknown {
  try {
    return compiled.build(value, 0);
  } catch {
    return MISS;
  }
}
