import {
  ENHANCER_KINDS,
  ENHANCER_METHODS,
  type EnhancerKind,
  GLOBAL_TOKENS,
} from '../enhancers/enhancer-metadata.ts';
import type { Binding } from '../injection/graph.ts';
import type { EnhancerSource } from './enhancer-binder.ts';
import type { GlobalEnhancers } from './route-enhancers.ts';

/** Guards, pipes, interceptors and filters of the whole application: provided ones first, then those it was told. */
export class GlobalEnhancerList {
  readonly #sources: Record<EnhancerKind, EnhancerSource[]>;

  /** @param collected - gives the providers of `APP_GUARD` and the like. */
  constructor(collected: (token: string) => readonly Binding[]) {
    const provided = (kind: EnhancerKind) =>
      collected(GLOBAL_TOKENS[kind]).map(({ token, module, name }) => ({ token, module, name }));
    this.#sources = Object.fromEntries(ENHANCER_KINDS.map(kind => [kind, provided(kind)])) as Record<
      EnhancerKind,
      EnhancerSource[]
    >;
  }

  get sources(): GlobalEnhancers {
    return this.#sources;
  }

  /** @throws TypeError for what is no instance of its kind. */
  add(kind: EnhancerKind, instances: readonly object[]): void {
    for (const instance of instances) {
      assertInstance(kind, instance);
      this.#sources[kind].push({ instance });
    }
  }
}

function assertInstance(kind: EnhancerKind, given: unknown): void {
  const method = ENHANCER_METHODS[kind];
  if (typeof given === 'object' && given !== null && typeof Reflect.get(given, method) === 'function') return;
  const isClass = typeof given === 'function';
  const name = isClass ? `the class ${given.name}` : String(given);
  const fix = isClass
    ? `pass an instance, or let the container make it: { provide: ${GLOBAL_TOKENS[kind]}, useClass: ${given.name} }`
    : `pass an object with ${method}()`;
  throw new TypeError(`a global ${kind} is an instance (got ${name}): ${fix}`);
}
