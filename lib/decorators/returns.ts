import { declarationsOf } from '../metadata/controller-metadata.ts';
import type { StandardSchema, ValueType } from '../validation/validation.ts';

/** What a type named in a decorator stands for: `Message`, `Message[]`, a schema's output. */
export type ValueOf<Declared> = Declared extends () => infer Inner
  ? ValueOf<Inner>
  : Declared extends StandardSchema<infer _Input, infer Output>
    ? Output
    : Declared extends readonly (infer Item)[]
      ? ValueOf<Item>[]
      : Declared extends abstract new (
            ...args: never[]
          ) => infer Instance
        ? Instance
        : unknown;

/** What a handler may return for a reply of this type: it, a promise of it, or a stream of it. */
export type Returnable<Value> =
  | Value
  | Promise<Value | AsyncIterable<Value>>
  | AsyncIterable<Value>
  | Iterator<Value>;

/**
 * Checks what a method returns, each item of a stream, and on a plain route what `connection.send()` sends;
 * a class is serialised by class-transformer (`@Expose`, `@Exclude`, `@Transform`). The compiler checks the
 * method's return type.
 *
 * A value that fails is the server's error: logged in full, the client gets `internal`. What `@OnError`
 * returns is not checked by it.
 */
export function Returns<const Declared extends ValueType | (() => ValueType | readonly unknown[])>(
  type: Declared,
) {
  return <Result extends Returnable<ValueOf<Declared>>>(
    target: object,
    method: string | symbol,
    // biome-ignore lint/suspicious/noExplicitAny: the parameters of the method are its own
    _descriptor: TypedPropertyDescriptor<(...parameters: any[]) => Result>,
  ): void => {
    // In standard mode there is no class to record anything for: its @WebSocketRoute() reports it.
    if (typeof method === 'object') return;
    declarationsOf(target.constructor).returns.push({ method, type: type as ValueType });
  };
}
