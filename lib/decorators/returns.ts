import type { EventReply } from '../connection/event-reply.ts';
import { declarationsOf } from '../metadata/controller-metadata.ts';
import type { StandardSchema, ValueType } from '../validation/validation.ts';

/**
 * What a type named in a decorator stands for, as the application gives it: `Message`, a list of `Message`, what a
 * schema takes. A schema makes of it what is sent.
 */
export type ValueOf<Declared> =
  Declared extends StandardSchema<infer Input, infer _Output>
    ? Input
    : Declared extends () => infer Inner
      ? ValueOf<Inner>
      : Declared extends readonly (infer Item)[]
        ? readonly ValueOf<Item>[]
        : Declared extends abstract new (
              ...args: never[]
            ) => infer Instance
          ? Instance
          : unknown;

/** What a handler may return for a reply of this type: it, `event(name, it)`, a stream of them, or a promise. */
export type Returnable<Value> = Reply<Value> | Promise<Reply<Value>>;

type Reply<Value> = Item<Value> | AsyncIterable<Item<Value>> | Iterator<Item<Value>>;
type Item<Value> = Value | EventReply;

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
