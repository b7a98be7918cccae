import type { ResolvedOptions } from '../../routing/resolve-options.ts';
import type { MessageHandler, Route, Slot } from '../../routing/route.ts';
import { isStandardSchema, type ValueType } from '../../validation/validation.ts';

/** The rows of a route: its upgrade, then each kind of message. */
export function describeRoute(route: Route): string[][] {
  const slots = route.slots?.list ?? [];
  const upgrade = [
    route.path,
    'upgrade',
    listed(slots.map(describeSlot)),
    guardsOf(route),
    limitsOf(route.options),
  ];
  const messages = handlersOf(route).map(([event, handler]) => [
    '',
    event,
    takes(handler),
    guardsOf(handler),
  ]);
  return [upgrade, ...messages];
}

function handlersOf(route: Route): (readonly [event: string, handler: MessageHandler])[] {
  const named = [...(route.events ?? [])];
  const unnamed = [
    ['(text)', route.text],
    ['(binary)', route.binary],
    ['*', route.fallback],
  ] as const;
  return [
    ...named,
    ...unnamed.flatMap(([event, handler]) => (handler === null ? [] : [[event, handler] as const])),
  ];
}

function takes({ bodies }: MessageHandler): string {
  return listed(
    bodies.map(({ key, type }) => {
      const name = type.kind === 'checked' ? typeName(type.type) : KINDS[type.kind];
      return key === undefined ? name : `${key}: ${name}`;
    }),
  );
}

const KINDS = {
  text: 'string',
  bytes: 'bytes',
  number: 'number',
  boolean: 'boolean',
  unchecked: 'any JSON',
  unknown: '?',
};

function describeSlot({ name, key, type }: Slot): string {
  const place = key === undefined ? name : `${name}.${key}`;
  if (type.kind === 'raw') return place;
  return `${place}: ${type.kind === 'scalar' ? type.type.name.toLowerCase() : typeName(type.type)}`;
}

function typeName(type: ValueType): string {
  if (Array.isArray(type)) return `${typeName(type[0])}[]`;
  if (isStandardSchema(type)) return `schema of ${type['~standard'].vendor}`;
  return (type as { readonly name: string }).name;
}

function guardsOf({ guards }: Pick<Route | MessageHandler, 'guards'>): string {
  return listed((guards ?? []).map(({ name }) => name));
}

function limitsOf(options: ResolvedOptions): string {
  const { maxPayloadLength, backpressureLimit, maxPending, idleTimeout, concurrency } = options;
  return [
    `frame ${bytes(maxPayloadLength)}`,
    `buffer ${bytes(backpressureLimit)}`,
    `${maxPending} pending`,
    ...(concurrency === 1 ? [] : [`${concurrency} at once`]),
    idleTimeout === 0 ? 'never idle' : `idle ${idleTimeout} s`,
  ].join(', ');
}

function bytes(count: number): string {
  if (count >= 1024 * 1024 && count % (1024 * 1024) === 0) return `${count / 1024 / 1024} MiB`;
  return count >= 1024 && count % 1024 === 0 ? `${count / 1024} KiB` : `${count} B`;
}

function listed(parts: readonly string[]): string {
  return parts.length === 0 ? '–' : parts.join(', ');
}
