import type { PipeTransform } from '../enhancers/pipe-transform.ts';
import type { Type } from '../injection/token.ts';
import type { DataSource, DeclaredType, ParameterSource, SlotName } from '../metadata/controller-metadata.ts';
import { recordParameter } from '../metadata/record.ts';

/** A pipe of one parameter: a class, which the container makes, or an instance. */
export type ParameterPipe = PipeTransform | Type<PipeTransform>;

/**
 * The message: validated when its type is a DTO class, else decoded as the type says (`string` the raw
 * text, `Uint8Array` the bytes, `number` and `boolean` that JSON scalar).
 *
 * A type that cannot be reflected is passed: `@MessageBody(() => [Item])`, `@MessageBody(schema)`;
 * `() => Object` takes any JSON unchecked. With a key it takes that property of the JSON object. Pipes may follow,
 * `@MessageBody('id', ParseIntPipe)`: they get the value and convert it, where the type alone would check it.
 */
export function MessageBody(key: string, type?: TypeOrPipe, ...pipes: ParameterPipe[]): ParameterDecorator;
export function MessageBody(type?: TypeOrPipe, ...pipes: ParameterPipe[]): ParameterDecorator;
export function MessageBody(...given: readonly (string | TypeOrPipe | undefined)[]): ParameterDecorator {
  return parameter({ from: 'body', decorator: 'MessageBody', ...dataSource(given) });
}

/**
 * A path parameter by name, or all of them: the raw record, or a DTO that is checked at the upgrade.
 * A key's text is converted to the parameter's type.
 */
export function Param(key: string, type?: TypeOrPipe, ...pipes: ParameterPipe[]): ParameterDecorator;
export function Param(type?: TypeOrPipe, ...pipes: ParameterPipe[]): ParameterDecorator;
export function Param(...given: readonly (string | TypeOrPipe | undefined)[]): ParameterDecorator {
  return slot('params', 'Param', dataSource(given));
}

/** A query value by key (`undefined` when it is missing), or the whole query, as with `@Param()`. */
export function Query(key: string, type?: TypeOrPipe, ...pipes: ParameterPipe[]): ParameterDecorator;
export function Query(type?: TypeOrPipe, ...pipes: ParameterPipe[]): ParameterDecorator;
export function Query(...given: readonly (string | TypeOrPipe | undefined)[]): ParameterDecorator {
  return slot('query', 'Query', dataSource(given));
}

/** A header of the upgrade request by name in any case, or all of them, as with `@Param()`. */
export function Headers(key: string, type?: TypeOrPipe, ...pipes: ParameterPipe[]): ParameterDecorator;
export function Headers(type?: TypeOrPipe, ...pipes: ParameterPipe[]): ParameterDecorator;
export function Headers(...given: readonly (string | TypeOrPipe | undefined)[]): ParameterDecorator {
  const { key, ...rest } = dataSource(given);
  return slot('headers', 'Headers', key === undefined ? rest : { key: key.toLowerCase(), ...rest });
}

/** A cookie of the upgrade request by name, or all of them, as with `@Param()`. */
export function Cookies(key: string, type?: TypeOrPipe, ...pipes: ParameterPipe[]): ParameterDecorator;
export function Cookies(type?: TypeOrPipe, ...pipes: ParameterPipe[]): ParameterDecorator;
export function Cookies(...given: readonly (string | TypeOrPipe | undefined)[]): ParameterDecorator {
  return slot('cookies', 'Cookies', dataSource(given));
}

/** The connection. A parameter of type `Connection` needs no decorator. */
export function ConnectedSocket(): ParameterDecorator {
  return parameter({ from: 'connection', decorator: 'ConnectedSocket' });
}

/** The event's name, as the client sent it: of use in an `@OnMessage('*')`. */
export function EventName(): ParameterDecorator {
  return parameter({ from: 'event', decorator: 'EventName' });
}

/** In `@OnClose()`: the close code as it went over the wire. */
export function CloseCode(): ParameterDecorator {
  return parameter({ from: 'closeCode', decorator: 'CloseCode' });
}

/** In `@OnClose()`: the close reason. */
export function CloseReason(): ParameterDecorator {
  return parameter({ from: 'closeReason', decorator: 'CloseReason' });
}

/** The signal that aborts when the connection closes. A parameter of type `AbortSignal` needs no decorator. */
export function Signal(): ParameterDecorator {
  return parameter({ from: 'signal', decorator: 'Signal' });
}

type TypeOrPipe = DeclaredType | ParameterPipe;

function dataSource(given: readonly unknown[]): DataSource {
  const [first, ...others] = given;
  const rest = typeof first === 'string' ? others : given;
  const pipes = rest.filter(isPipe);
  const type = rest.find(each => each !== undefined && !isPipe(each)) as DeclaredType | undefined;
  return {
    ...(typeof first === 'string' ? { key: first } : {}),
    ...(type === undefined ? {} : { type }),
    ...(pipes.length === 0 ? {} : { pipes }),
  };
}

/** Whether a decorator was given a pipe, rather than a type or data. */
export function isPipe(given: unknown): boolean {
  const instance: unknown = typeof given === 'function' ? given.prototype : given;
  if (typeof instance !== 'object' || instance === null || '~standard' in instance) return false;
  return typeof (instance as Partial<PipeTransform>).transform === 'function';
}

function slot(from: SlotName, decorator: string, rest: DataSource): ParameterDecorator {
  return parameter({ from, decorator, ...rest });
}

function parameter(source: ParameterSource & { decorator: string }): ParameterDecorator {
  return (target, method, index) => recordParameter(target, { method, index }, source);
}
