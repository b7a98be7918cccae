import type { Handshake } from '../connection/handshake.ts';
import type { Invalid } from '../errors.ts';
import type { Slot, Slots } from '../routing/route.ts';
import { refusal } from './refusal.ts';
import { type Answer, refuseThrown, type Upgrade } from './upgrade-step.ts';

/**
 * Reads and checks what the hooks of a route take from the upgrade request, into `handshake.slots`; it refuses
 * with the issues of all of them together.
 */
export function checkSlots(upgrade: Upgrade): Answer | Promise<Answer> {
  const { slots } = upgrade.route;
  if (slots === null) return undefined;
  try {
    const values: unknown[] = [];
    let isPending = false;
    for (const slot of slots.list) {
      const value = readSlot(upgrade.handshake, slot);
      if (value instanceof Promise) isPending = true;
      values.push(value);
    }
    if (!isPending) return keep(upgrade, slots, values);
    return Promise.all(values).then(
      settled => keep(upgrade, slots, settled),
      error => failed(upgrade, error),
    );
  } catch (error) {
    return failed(upgrade, error);
  }
}

function readSlot(handshake: Handshake, { name, key, validate }: Slot): unknown {
  const raw: Record<string, unknown> = handshake[name];
  const value = key === undefined ? raw : Object.hasOwn(raw, key) ? raw[key] : undefined;
  return validate === null ? value : validate(value);
}

function keep(upgrade: Upgrade, { gather }: Slots, values: unknown[]): Answer {
  const invalid = gather(values);
  if (invalid !== undefined) return refuseInvalid(upgrade, invalid);
  upgrade.handshake.slots = values;
}

function refuseInvalid({ route, handshake }: Upgrade, { cause, issues }: Invalid): Response {
  if (cause !== undefined) {
    const facts = { connection: handshake.id, route: route.name };
    route.host.logThrown(`the check of ${route.name} parameters`, facts, {
      thrown: cause,
      isExpected: false,
    });
  }
  return refusal(422, { code: 'validation_failed', message: 'Validation failed', issues });
}

function failed(upgrade: Upgrade, error: unknown): Response {
  return refuseThrown(upgrade, `${upgrade.route.name} parameters`, error);
}

/** Drops what only hooks of the upgrade take. */
export function releaseSlots(handshake: Handshake, { list, kept }: Slots): void {
  const { slots: values } = handshake;
  if (kept === 'all' || values === null) return;
  handshake.slots =
    kept === 'none' ? null : values.map((value, at) => (list[at]?.isKept ? value : undefined));
}
