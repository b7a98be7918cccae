import { isPromise } from './is-promise.ts';
import type { BoundPipes, ControllerScope } from './route.ts';

/** Runs pipes on a value, one after another; a promise only where the value is one, or a pipe gives one. */
export function runPipes(
  { list, metadata }: BoundPipes,
  scope: ControllerScope | null,
  value: unknown,
  from = 0,
): unknown {
  let piped = value;
  for (let at = from; at < list.length; at++) {
    if (isPromise(piped)) {
      return Promise.resolve(piped).then(settled => runPipes({ list, metadata }, scope, settled, at));
    }
    piped = list[at]?.of(scope).transform(piped, metadata);
  }
  return piped;
}
