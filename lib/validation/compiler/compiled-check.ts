import type { Check } from '../check.ts';
import type { DtoShape } from '../dto-shape.ts';
import { IssueList } from '../issue-list.ts';
import { Preparation, type Reading } from '../preparation.ts';
import type { Plain } from '../undeclared.ts';
import type { CompiledClass } from './dto-compiler.ts';
import { buildOrMiss, entryOf } from './entry.ts';
import type { Explain } from './explain.ts';
import { Explanation } from './explanation.ts';
import { MISS } from './plan.ts';
import { textsReader } from './read-texts.ts';

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
  const refuse = (value: unknown) => refuseJson(context, value);
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
  const readTexts = givesInstance ? textsReader(shape, reading) : null;
  return value => {
    const texts = readTexts?.(value);
    const built = texts === undefined ? MISS : buildOrMiss(compiled, texts);
    if (built !== MISS) return built;
    const preparation = new Preparation(reading);
    const plain = preparation.object(shape, value);
    const instance = preparation.issues.total > 0 ? MISS : buildOrMiss(compiled, plain);
    if (instance === MISS) return refusePrepared(context, value, { preparation, plain });
    return givesInstance ? instance : new Preparation(reading).object(shape, value);
  };
}

/** What becomes of a value that was not built: most are explained as they came, without a copy. */
function refuseJson(context: CompiledContext, value: unknown): unknown {
  const { compiled, shape, reading, explain, libraries } = context;
  if (compiled.plan === null) return libraries(value);
  const explanation = new Explanation(reading.isTerse ? IssueList.terse() : new IssueList());
  explain(compiled.plan, value, explanation);
  if (explanation.isDecided) return explanation.issues.sorted(shape.properties);
  if (!explanation.needsPreparation) return libraries(value);
  const preparation = new Preparation(reading);
  return refusePrepared(context, value, { preparation, plain: preparation.object(shape, value) });
}

interface Prepared {
  readonly preparation: Preparation;
  readonly plain: Plain | undefined;
}

/** The same for a value of which there may be issues already. The libraries may still accept it. */
function refusePrepared(
  { compiled, shape, explain, libraries }: CompiledContext,
  value: unknown,
  { preparation, plain }: Prepared,
): unknown {
  const { issues } = preparation;
  if (plain === undefined || issues.isDecided) return issues;
  if (compiled.plan === null) return libraries(value);
  const explanation = new Explanation(issues, path => preparation.hasReported(path));
  explain(compiled.plan, plain, explanation);
  return explanation.isDecided ? issues.sorted(shape.properties) : libraries(value);
}
