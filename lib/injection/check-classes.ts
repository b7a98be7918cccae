import type { Mistake } from '../errors.ts';
import { lacksTypeMetadata } from './class-dependencies.ts';
import { declarationMistakes } from './declaration-mistakes.ts';
import { bindingsOf, type ModuleGraph } from './graph.ts';
import type { Type } from './token.ts';

/** What the decorators of all classes recorded as wrong, and the classes whose compiler left no types. */
export function checkClasses({ modules }: ModuleGraph): readonly Mistake[] {
  const types = new Set<Type>();
  for (const { source } of modules.flatMap(bindingsOf)) if (source.kind === 'class') types.add(source.type);
  return [...new Set([...types].flatMap(checkClass))];
}

/** What is wrong with one class and its ancestors. */
export function checkClass(type: Type): readonly Mistake[] {
  const declared: Mistake[] = [];
  for (let owner: object | null = type; owner !== null; owner = Object.getPrototypeOf(owner)) {
    declared.push(...declarationMistakes(owner));
  }
  // Standard mode leaves no types either: that would be the same mistake twice.
  const isStandard = declared.some(({ code }) => code === 'GATEWIRE_STANDARD_DECORATORS');
  return isStandard || !lacksTypeMetadata(type) ? declared : [...declared, noTypeMetadata(type)];
}

function noTypeMetadata({ name, length }: Type): Mistake {
  return {
    code: 'GATEWIRE_NO_TYPE_METADATA',
    where: `${name} constructor`,
    what: `takes ${length} ${length === 1 ? 'argument' : 'arguments'}, and nothing says what to inject`,
    got: 'no design:paramtypes',
    fix: `Decorate ${name} with @Injectable(), and set "emitDecoratorMetadata" to true in the tsconfig.json of the folder you start Bun in`,
  };
}
