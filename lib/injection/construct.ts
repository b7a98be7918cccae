import type { Binding } from './graph.ts';

/** What a binding makes of the values of its dependencies: a value, or the promise of one. */
export function construct({ source, dependencies }: Binding, values: readonly unknown[]): unknown {
  if (source.kind === 'value') return source.value;
  if (source.kind === 'factory') return source.create(...values);
  if (source.kind !== 'class') throw new TypeError(`a provider of kind "${source.kind}" is not constructed`);
  const constructed = Reflect.construct(source.type, argumentsOf(dependencies, values)) as object;
  for (const [index, { place, binding }] of dependencies.entries()) {
    // Without a provider, an optional property keeps what its initialiser gave it.
    if (typeof place !== 'number' && binding !== undefined)
      Reflect.set(constructed, place.property, values[index]);
  }
  return constructed;
}

/** The promise to await before there is a value. A class's instance is one, even if it has a `then`. */
export function promiseOf({ source }: Binding, made: unknown): PromiseLike<unknown> | undefined {
  if (source.kind === 'value') return made instanceof Promise ? made : undefined;
  return source.kind === 'factory' && isThenable(made) ? made : undefined;
}

function argumentsOf(dependencies: Binding['dependencies'], values: readonly unknown[]): readonly unknown[] {
  return values.filter((_, index) => typeof dependencies[index]?.place === 'number');
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}
