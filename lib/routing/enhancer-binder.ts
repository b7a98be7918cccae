import type { ModuleNode } from '../injection/graph.ts';
import type { Token, Type } from '../injection/token.ts';
import type { Bound, ControllerScope } from './route.ts';

/** An enhancer as it was declared: an instance, or what the container has for a token. */
export type EnhancerSource =
  | { readonly instance: object }
  | { readonly token: Token; readonly module: ModuleNode; readonly name: string };

/** What the container is asked for. */
export interface EnhancerOrigin {
  readonly instance: (token: Token, module: ModuleNode) => unknown;
  readonly isConnectionScoped: (token: Token, module: ModuleNode) => boolean;
}

/** Finds the enhancers of one route: those of the application, and those that each connection has of its own. */
export class EnhancerBinder {
  /** What each connection has of its own; its scope makes them in this order. */
  readonly scoped: { readonly token: Token; readonly module: ModuleNode }[] = [];
  readonly #origin: EnhancerOrigin;
  readonly #module: ModuleNode;

  constructor(origin: EnhancerOrigin, module: ModuleNode) {
    this.#origin = origin;
    this.#module = module;
  }

  /** What `@UseGuards()` and the like were given: a class of the controller's module, or an instance. */
  declared<Enhancer>(given: unknown): Bound<Enhancer> {
    if (typeof given !== 'function') return this.bind({ instance: given as object });
    return this.bind({ token: given as Type, module: this.#module, name: given.name });
  }

  bind<Enhancer>(source: EnhancerSource): Bound<Enhancer> {
    if ('instance' in source) return constant(source.instance as Enhancer);
    const { token, module, name } = source;
    if (!this.#origin.isConnectionScoped(token, module)) {
      return constant(this.#origin.instance(token, module) as Enhancer, name);
    }
    const at = this.#number(token, module);
    return Object.freeze({
      name,
      instance: null,
      of: (scope: ControllerScope | null) => scope?.enhancers[at] as Enhancer,
    });
  }

  #number(token: Token, module: ModuleNode): number {
    const at = this.scoped.findIndex(known => known.token === token && known.module === module);
    return at === -1 ? this.scoped.push({ token, module }) - 1 : at;
  }
}

function constant<Enhancer>(
  instance: Enhancer,
  name = (instance as object).constructor?.name ?? 'an object',
): Bound<Enhancer> {
  return Object.freeze({ name, instance, of: () => instance });
}
