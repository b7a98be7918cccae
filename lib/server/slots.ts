import type { Handshake } from '../connection/handshake.ts';
import { Invalid, type Issue } from '../errors.ts';
import type { Slot } from '../routing/route.ts';

/** What a client is told at most; a request may have thousands of mistakes. */
const MAX_ISSUES = 10;

/**
 * Reads and checks what the hooks of a route take from the upgrade request, into `handshake.slots`. Gives
 * the issues of all slots together, or a promise of them where a check is asynchronous.
 */
export function readSlots(
  handshake: Handshake,
  slots: readonly Slot[],
): Invalid | undefined | Promise<Invalid | undefined> {
  const values = slots.map(slot => readSlot(handshake, slot));
  if (values.some(value => value instanceof Promise)) {
    return Promise.all(values).then(settled => keep(handshake, settled));
  }
  return keep(handshake, values);
}

/** Drops what only hooks of the upgrade take. */
export function releaseSlots(handshake: Handshake, slots: readonly Slot[]): void {
  if (slots.every(({ isKept }) => isKept)) return;
  const isAnyKept = slots.some(({ isKept }) => isKept);
  const { slots: values } = handshake;
  handshake.slots =
    isAnyKept && values !== null ? values.map((value, at) => (slots[at]?.isKept ? value : undefined)) : null;
}

function readSlot(handshake: Handshake, { name, key, validate }: Slot): unknown {
  const raw: Record<string, unknown> = handshake[name];
  const value = key === undefined ? raw : Object.hasOwn(raw, key) ? raw[key] : undefined;
  return validate === null ? value : validate(value);
}

function keep(handshake: Handshake, values: unknown[]): Invalid | undefined {
  const issues: Issue[] = values.flatMap(value => (value instanceof Invalid ? value.issues : []));
  if (issues.length > 0) return new Invalid(issues.slice(0, MAX_ISSUES));
  handshake.slots = values;
  return undefined;
}
