import type { Handshake } from '../connection/handshake.ts';
import type { Invalid } from '../errors.ts';
import type { Slot, Slots } from '../routing/route.ts';

/**
 * Reads and checks what the hooks of a route take from the upgrade request, into `handshake.slots`. Gives
 * the issues of all slots together, or a promise of them where a check is asynchronous.
 */
export function readSlots(
  handshake: Handshake,
  { list, gather }: Slots,
): Invalid | undefined | Promise<Invalid | undefined> {
  const keep = (values: unknown[]): Invalid | undefined => {
    const invalid = gather(values);
    if (invalid === undefined) handshake.slots = values;
    return invalid;
  };
  const values = list.map(slot => readSlot(handshake, slot));
  return values.some(value => value instanceof Promise) ? Promise.all(values).then(keep) : keep(values);
}

/** Drops what only hooks of the upgrade take. */
export function releaseSlots(handshake: Handshake, { list }: Slots): void {
  if (list.every(({ isKept }) => isKept)) return;
  const { slots: values } = handshake;
  const isAnyKept = values !== null && list.some(({ isKept }) => isKept);
  handshake.slots = isAnyKept ? values.map((value, at) => (list[at]?.isKept ? value : undefined)) : null;
}

function readSlot(handshake: Handshake, { name, key, validate }: Slot): unknown {
  const raw: Record<string, unknown> = handshake[name];
  const value = key === undefined ? raw : Object.hasOwn(raw, key) ? raw[key] : undefined;
  return validate === null ? value : validate(value);
}
