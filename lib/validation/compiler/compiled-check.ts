import type { Check } from '../check.ts';
import type { DtoShape } from '../dto-shape.ts';
import { Preparation, type Reading } from '../preparation.ts';
import type { CompiledClass } from './dto-compiler.ts';
import { MISS } from './plan.ts';

export interface CompiledContext {
  readonly compiled: CompiledClass;
  readonly shape: DtoShape;
  readonly reading: Reading;
  /** Whether the instance is wanted, or the checked plain value. */
  readonly givesInstance: boolean;
  /** What the libraries make of a value: the answer wherever compiled code has none. */
  readonly libraries: Check;
}

/** The check of a compiled class. */
export function compiledCheck(context: CompiledContext): Check {
  const { compiled, shape, reading, givesInstance, libraries } = context;
  const give = (value: unknown, instance: unknown) =>
    givesInstance ? instance : new Preparation(reading).object(shape, value);
  if (!reading.isText) {
    return value => {
      const instance = build(compiled, value);
      return instance === MISS ? libraries(value) : give(value, instance);
    };
  }
  return value => {
    const preparation = new Preparation(reading);
    const plain = preparation.object(shape, value);
    const instance = preparation.issues.total > 0 ? MISS : build(compiled, plain);
    return instance === MISS ? libraries(value) : give(value, instance);
  };
}

/** What the user's own code throws, constructors and constraints, the libraries will meet again. */
function build(compiled: CompiledClass, value: unknown): unknown {
  try {
    return compiled.build(value, 0);
  } catch {
    return MISS;
  }
}
