import type { Mistake } from '../errors.ts';

const recorded = new WeakMap<object, Mistake[]>();

/** Keeps what a decorator found wrong until the container is built: decorators never throw at import. */
export function recordMistake(declared: object, mistake: Mistake): void {
  const mistakes = recorded.get(declared) ?? [];
  recorded.set(declared, mistakes);
  if (!mistakes.some(known => known.where === mistake.where && known.what === mistake.what))
    mistakes.push(mistake);
}

/** What the decorators of this class, or of one of its members, found wrong. */
export function declarationMistakes(declared: object): readonly Mistake[] {
  return recorded.get(declared) ?? [];
}

/** Tells a mistake from what was read without one. */
export function isMistake(read: object): read is Mistake {
  return 'fix' in read && 'code' in read;
}

/** Records that a class was decorated in standard mode, when the decorator's second argument shows it. */
export function recordStandardMode(declared: object, context: unknown): void {
  if (!isStandardContext(context)) return;
  recordMistake(declared, {
    code: 'GATEWIRE_STANDARD_DECORATORS',
    where: (declared as { name: string }).name,
    what: 'decorators ran in standard (TC39) mode, which has no parameter decorators and no types',
    got: 'a context object as second argument',
    fix: 'Set "experimentalDecorators" and "emitDecoratorMetadata" to true in the tsconfig.json of the folder you start Bun in; Bun reads no other',
  });
}

/** Whether a decorator's second argument is the context object of a standard decorator. */
export function isStandardContext(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'kind' in value;
}
