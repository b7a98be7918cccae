import type { Handshake } from '../connection/handshake.ts';
import { isReservedHeader } from '../routing/reserved-headers.ts';
import type { UpgradeHook } from '../routing/route.ts';
import { refusal } from './refusal.ts';

/** What a `@BeforeHandle` returned: the refusal, or nothing to go on. */
export function judge({ where }: UpgradeHook, result: unknown): Response | undefined {
  if (result === undefined || result === true) return undefined;
  if (result === false) return refusal(403, { code: 'forbidden', message: 'Forbidden' });
  if (result instanceof Response) return result;
  throw new TypeError(`${where} returned ${show(result)}: return nothing, true, false or a Response`);
}

const SLOT_NAMES = ['params', 'query', 'headers', 'cookies'] as const;

/** Puts what a `@Parse` or `@Transform` returned in the place of what was read from the request. */
export function replaceSlots(handshake: Handshake, { where }: UpgradeHook, result: unknown): undefined {
  if (result === undefined) return undefined;
  if (typeof result !== 'object' || result === null) {
    throw new TypeError(
      `${where} returned ${show(result)}: return nothing, or an object with ${SLOT_NAMES.join(', ')}`,
    );
  }
  if (result === handshake) return undefined;
  const stray = Object.keys(result).find(key => !(SLOT_NAMES as readonly string[]).includes(key));
  if (stray !== undefined || result instanceof Response) {
    throw new TypeError(
      `${where} returned ${stray === undefined ? 'a Response' : JSON.stringify(stray)}, which replaces nothing: there are ${SLOT_NAMES.join(', ')}`,
    );
  }
  const parts = result as Partial<Record<(typeof SLOT_NAMES)[number], never>>;
  for (const name of SLOT_NAMES) {
    const value = parts[name];
    if (value !== undefined) handshake[name] = value;
  }
  return undefined;
}

/** Adds what an `@UpgradeHeaders` returned to the headers of the 101. */
export function addHeaders(headers: Headers, { where }: UpgradeHook, result: unknown): undefined {
  if (result === undefined) return undefined;
  if (typeof result !== 'object' || result === null) {
    throw new TypeError(`${where} returned ${show(result)}: return a record, a Headers or a list of pairs`);
  }
  const pairs =
    Symbol.iterator in result ? [...(result as Iterable<[string, unknown]>)] : Object.entries(result);
  for (const [name, given] of pairs) {
    for (const value of Array.isArray(given) ? given : [given]) appendHeader(headers, { name, value, where });
  }
  return undefined;
}

/** A header without a value is left out: it may come from a query or a cookie that was not sent. */
function appendHeader(
  headers: Headers,
  { name, value, where }: { readonly name: string; readonly value: unknown; readonly where: string },
): void {
  if (value === undefined || value === null) return;
  if (isReservedHeader(name)) {
    throw new TypeError(`${where} gave the header ${JSON.stringify(name)}, which belongs to the protocol`);
  }
  try {
    headers.append(name, textOf(value));
  } catch (cause) {
    throw new TypeError(
      `${where} gave the header ${JSON.stringify(name)} a name or value that cannot be sent`,
      { cause },
    );
  }
}

function textOf(value: unknown): string {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return `${value}`;
  throw new TypeError(`a header is a text (got ${show(value)})`);
}

function show(result: unknown): string {
  if (result === null) return 'null';
  return typeof result === 'object' ? 'an object' : `a ${typeof result}`;
}
