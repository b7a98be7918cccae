import 'reflect-metadata';

/** A class, or a method as `context.getHandler()` gives it. */
type Decorated = object;

/** A decorator made by `Reflector.createDecorator()`: it is its own key. */
export interface ReflectableDecorator<Given, Kept = Given> {
  (value?: Given): ClassDecorator & MethodDecorator;
  readonly KEY: string;
  /** @internal Only a type: what is kept. */
  readonly kept?: Kept;
}

/** How `Reflector.createDecorator()` keeps what its decorator is given. */
export interface CreateDecoratorOptions<Given, Kept = Given> {
  /** The metadata key. Default: one of its own. */
  readonly key?: string;
  /** Makes what is kept of what is given. */
  readonly transform?: (value: Given) => Kept;
}

type KeyOf<Kept> = string | symbol | ReflectableDecorator<never, Kept>;

/** Reads what `@SetMetadata()` and decorators of your own wrote; injectable anywhere. */
export class Reflector {
  /**
   * Makes a typed decorator for classes and methods.
   *
   * @example
   * ```ts
   * const Roles = Reflector.createDecorator<string[]>();
   * // in a guard
   * const roles = this.reflector.getAllAndOverride(Roles, [context.getHandler(), context.getClass()]);
   * ```
   */
  static createDecorator<Given, Kept = Given>(
    options: CreateDecoratorOptions<Given, Kept> = {},
  ): ReflectableDecorator<Given, Kept> {
    const key = options.key ?? crypto.randomUUID();
    const decorator = (value?: Given) => {
      const kept = options.transform === undefined ? value : options.transform(value as Given);
      return SetMetadata(key, kept === undefined ? {} : kept);
    };
    return Object.assign(decorator, { KEY: key });
  }

  /** What was written on one class or method. */
  get<Kept = unknown>(key: KeyOf<Kept>, target: Decorated): Kept {
    return Reflect.getMetadata(nameOf(key), target) as Kept;
  }

  /** What was written on each of them. */
  getAll<Kept extends readonly unknown[] = unknown[]>(
    key: KeyOf<unknown>,
    targets: readonly Decorated[],
  ): Kept {
    return targets.map(target => this.get(key, target)) as unknown as Kept;
  }

  /** The first that is there: `[context.getHandler(), context.getClass()]` lets a method override its class. */
  getAllAndOverride<Kept = unknown>(key: KeyOf<Kept>, targets: readonly Decorated[]): Kept | undefined {
    for (const target of targets) {
      const value = this.get<Kept | undefined>(key, target);
      if (value !== undefined) return value;
    }
    return undefined;
  }

  /** All together: lists are joined, objects merged, a single value that is no object becomes a list. */
  getAllAndMerge<Kept = unknown>(key: KeyOf<unknown>, targets: readonly Decorated[]): Kept {
    const values = this.getAll(key, targets).filter(value => value !== undefined);
    if (values.length === 1) return (isObject(values[0]) ? values[0] : values) as Kept;
    if (values.length === 0) return [] as Kept;
    return values.reduce<unknown>(merge, values.shift()) as Kept;
  }
}

/** Writes a value on a class or a method, for guards and interceptors to read by the `Reflector`. */
export function SetMetadata<Value = unknown>(
  key: string | symbol,
  value: Value,
): ClassDecorator & MethodDecorator {
  return (target: object, _member?: unknown, descriptor?: PropertyDescriptor) => {
    const decorated: object | undefined = descriptor?.value ?? target;
    // Of a field under standard decorators, there is nothing to write on.
    if (decorated !== undefined) Reflect.defineMetadata(key, value, decorated);
  };
}

function merge(merged: unknown, value: unknown): unknown {
  if (Array.isArray(merged)) return merged.concat(value);
  if (isObject(merged) && isObject(value) && !Array.isArray(value)) return { ...merged, ...value };
  return [merged].concat(value);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function nameOf(key: KeyOf<unknown>): string | symbol {
  return typeof key === 'function' ? key.KEY : key;
}
