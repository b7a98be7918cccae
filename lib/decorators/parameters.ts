import type { DeclaredType, ParameterSource, SlotName } from '../metadata/controller-metadata.ts';
import { recordParameter } from '../metadata/record.ts';

/**
 * The message: validated when its type is a DTO class, else decoded as the type says (`string` the raw
 * text, `Uint8Array` the bytes, `number` and `boolean` that JSON scalar).
 *
 * A type that cannot be reflected is passed: `@MessageBody(() => [Item])`, `@MessageBody(schema)`;
 * `() => Object` takes any JSON unchecked. With a key it takes that property of the JSON object.
 */
export function MessageBody(key: string, type?: DeclaredType): ParameterDecorator;
export function MessageBody(type?: DeclaredType): ParameterDecorator;
export function MessageBody(first?: string | DeclaredType, second?: DeclaredType): ParameterDecorator {
  return parameter({ from: 'body', decorator: 'MessageBody', ...keyAndType(first, second) });
}

/**
 * A path parameter by name, or all of them: the raw record, or a DTO that is checked at the upgrade.
 * A key's text is converted to the parameter's type.
 */
export function Param(key: string, type?: DeclaredType): ParameterDecorator;
export function Param(type?: DeclaredType): ParameterDecorator;
export function Param(first?: string | DeclaredType, second?: DeclaredType): ParameterDecorator {
  return slot('params', 'Param', keyAndType(first, second));
}

/** A query value by key (`undefined` when it is missing), or the whole query, as with `@Param()`. */
export function Query(key: string, type?: DeclaredType): ParameterDecorator;
export function Query(type?: DeclaredType): ParameterDecorator;
export function Query(first?: string | DeclaredType, second?: DeclaredType): ParameterDecorator {
  return slot('query', 'Query', keyAndType(first, second));
}

/** A header of the upgrade request by name in any case, or all of them, as with `@Param()`. */
export function Headers(key: string, type?: DeclaredType): ParameterDecorator;
export function Headers(type?: DeclaredType): ParameterDecorator;
export function Headers(first?: string | DeclaredType, second?: DeclaredType): ParameterDecorator {
  const { key, ...rest } = keyAndType(first, second);
  return slot('headers', 'Headers', key === undefined ? rest : { key: key.toLowerCase(), ...rest });
}

/** A cookie of the upgrade request by name, or all of them, as with `@Param()`. */
export function Cookies(key: string, type?: DeclaredType): ParameterDecorator;
export function Cookies(type?: DeclaredType): ParameterDecorator;
export function Cookies(first?: string | DeclaredType, second?: DeclaredType): ParameterDecorator {
  return slot('cookies', 'Cookies', keyAndType(first, second));
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

interface KeyAndType {
  readonly key?: string;
  readonly type?: DeclaredType;
}

function keyAndType(first: string | DeclaredType | undefined, second: DeclaredType | undefined): KeyAndType {
  if (typeof first !== 'string') return first === undefined ? {} : { type: first };
  return second === undefined ? { key: first } : { key: first, type: second };
}

function slot(from: SlotName, decorator: string, rest: KeyAndType): ParameterDecorator {
  return parameter({ from, decorator, ...rest });
}

function parameter(source: ParameterSource & { decorator: string }): ParameterDecorator {
  return (target, method, index) => recordParameter(target, { method, index }, source);
}
