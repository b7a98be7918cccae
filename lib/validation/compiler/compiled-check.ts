import type { Check } from '../check.ts';
import type { DtoShape } from '../dto-shape.ts';
import type { IssueList } from '../issue-list.ts';
import { Preparation, type Reading } from '../preparation.ts';
import type { Plain } from '../undeclared.ts';
import type { CompiledClass } from './dto-compiler.ts';
import { buildOrMiss, entryOf } from './entry.ts';
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
  return context.reading.isText ? textCheck(context) : jsonCheck(context);
}

function jsonCheck(context: CompiledContext): Check {
  const { compiled, shape, reading, givesInstance } = context;
  const refuse = (value: unknown) => {
    const preparation = new Preparation(reading);
    return refusal(context, value, { preparation, plain: preparation.object(shape, value) });
  };
  if (!givesInstance) {
    return value => {
      const isMiss = buildOrMiss(compiled, value) === MISS;
      return isMiss ? refuse(value) : new Preparation(reading).object(shape, value);
    };
  }
  const check = (value: unknown) => {
    const instance = buildOrMiss(compiled, value);
    return instance === MISS ? refuse(value) : instance;
  };
  return Object.assign(check, { compiled: { enter: entryOf(compiled), refuse } });
}

/** Texts are read as values first; what is built from then is no text any more. */
function textCheck(context: CompiledContext): Check {
  const { compiled, shape, reading, givesInstance } = context;
  return value => {
    const preparation = new Preparation(reading);
    const plain = preparation.object(shape, value);
    const instance = preparation.issues.total > 0 ? MISS : buildOrMiss(compiled, plain);
    if (instance === MISS) return refusal(context, value, { preparation, plain });
    return givesInstance ? instance : new Preparation(reading).object(shape, value);
  };
}

interface Prepared {
  readonly preparation: Preparation;
  readonly plain: Plain | undefined;
}

/** What becomes of a value that was not built; the libraries may still accept it. */
function refusal(context: CompiledContext, value: unknown, { preparation, plain }: Prepared): unknown {
  if (plain === undefined) return preparation.issues;
  return explained(context, plain, preparation) ?? context.libraries(value);
}

/** The issues of a value; `undefined` when only the libraries can tell, or when there are none to be found. */
function explained(
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
