import type { CompiledClass } from './dto-compiler.ts';
import { MISS } from './plan.ts';

type Answer = (value: unknown) => unknown;

/** Gives `MISS` for what the user's own code throws, constructors and constraints: the libraries will meet it again. */
export function buildOrMiss(compiled: CompiledClass, value: unknown): unknown {
  try {
    return compiled.build(value, 0);
  } catch {
    return MISS;
  }
}

const SOURCE = `return value => {
  try {
    const instance = compiled.build(value, 0);
    if (instance !== MISS) return instance;
  } catch {}
  return otherwise(value);
}`;

/**
 * The function in front of a compiled class: the instance, or what `otherwise` says.
 *
 * Generated for each class, because a function that all classes share cannot be inlined with the code of one.
 */
export function entryOf(compiled: CompiledClass): (otherwise: Answer) => Answer {
  if (!compiled.isGenerated) {
    return otherwise => value => {
      const instance = buildOrMiss(compiled, value);
      return instance === MISS ? otherwise(value) : instance;
    };
  }
  const make = new Function('compiled', 'MISS', 'otherwise', SOURCE);
  return otherwise => make(compiled, MISS, otherwise) as Answer;
}
