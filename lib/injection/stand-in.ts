import type { Type } from './token.ts';

/** The instance that a stand-in stands for. */
export interface StoodFor {
  readonly name: string;
  /** The class, where it is known before there is an instance. */
  readonly type: Type | undefined;
  /** The instance, or nothing while it is not created. */
  readonly current: () => { readonly instance: object } | undefined;
}

/**
 * An object that passes everything on to an instance that does not exist yet. Until it does, only its class
 * can be seen, and anything else throws. Methods are called on the instance itself, so `#private` members work.
 */
export function createStandIn(target: StoodFor): object {
  const prototype = (target.type?.prototype as object | undefined) ?? Object.prototype;
  return new Proxy(
    {},
    {
      get: (_, key) => {
        const instance = target.current()?.instance;
        if (instance === undefined) return readEarly(key, target);
        const value = Reflect.get(instance, key, instance);
        return typeof value === 'function' && key !== 'constructor' ? value.bind(instance) : value;
      },
      set: (_, key, value) => Reflect.set(created(target), key, value),
      has: (_, key) => Reflect.has(target.current()?.instance ?? prototype, key),
      getPrototypeOf: () => Reflect.getPrototypeOf(target.current()?.instance ?? Object.create(prototype)),
    },
  );
}

/** Puts the instance where an object holds its stand-in, as far as that can be seen: in properties of its own. */
export function replaceStandIn(holder: unknown, standIn: object, instance: unknown): void {
  if (typeof holder !== 'object' || holder === null) return;
  for (const [key, { value, writable }] of Object.entries(Object.getOwnPropertyDescriptors(holder))) {
    if (value === standIn && writable) Reflect.set(holder, key, instance);
  }
}

// `then` is what an await looks for, symbols are what printing does: neither is a use of the instance.
function readEarly(key: string | symbol, target: StoodFor): unknown {
  if (key === 'constructor') return target.type ?? Object;
  return key === 'then' || typeof key === 'symbol' ? undefined : created(target);
}

function created(target: StoodFor): object {
  const instance = target.current()?.instance;
  if (instance !== undefined) return instance;
  throw new Error(
    `${target.name} is not created yet: a constructor in a circle of forward references can't use it. Use it in onModuleInit() or later`,
  );
}
