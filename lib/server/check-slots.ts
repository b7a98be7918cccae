import type { Handshake } from '../connection/handshake.ts';
import { UnprocessableEntityException } from '../enhancers/http-exceptions.ts';
import { describeError } from '../enhancers/wire-error.ts';
import { Invalid } from '../errors.ts';
import { readAll } from '../routing/read-all.ts';
import type { FailingHook, Slot, Slots } from '../routing/route.ts';
import { runPipes } from '../routing/run-pipes.ts';
import { refusal } from './refusal.ts';
import { refuseThrown, refuseTold } from './refuse-upgrade.ts';
import type { Answer, Upgrade } from './upgrade-step.ts';

/**
 * Reads and checks what the hooks of a route take from the upgrade request, into `handshake.slots`; it refuses
 * with the issues of all of them together.
 */
export function checkSlots(upgrade: Upgrade): Answer | Promise<Answer> {
  const { slots } = upgrade.route;
  if (slots === null) return undefined;
  try {
    const values = readAll(slots.list, slot => pipeSlot(upgrade, slot, readSlot(upgrade.handshake, slot)));
    if (!(values instanceof Promise)) return keep(upgrade, slots, values);
    return values.then(
      settled => keep(upgrade, slots, settled),
      error => failed(upgrade, error),
    );
  } catch (error) {
    return failed(upgrade, error);
  }
}

function readSlot(handshake: Handshake, { name, key, names, validate }: Slot): unknown {
  const raw: Record<string, unknown> = names === null ? handshake[name] : handshake.pick(name, names);
  const value = key === undefined ? raw : Object.hasOwn(raw, key) ? raw[key] : undefined;
  return validate === null ? value : validate(value);
}

function pipeSlot(upgrade: Upgrade, slot: Slot, value: unknown): unknown {
  const { pipes } = slot;
  if (pipes === null || value instanceof Invalid) return value;
  if (value instanceof Promise) return pipeSlotLater(upgrade, slot, value);
  return runPipes(pipes, upgrade.scope, value);
}

async function pipeSlotLater(upgrade: Upgrade, slot: Slot, value: Promise<unknown>): Promise<unknown> {
  return pipeSlot(upgrade, slot, await value);
}

function keep(upgrade: Upgrade, { gather }: Slots, values: unknown[]): Answer | Promise<Answer> {
  const invalid = gather(values);
  if (invalid !== undefined) return refuseInvalid(upgrade, invalid);
  upgrade.handshake.slots = values;
}

function refuseInvalid(upgrade: Upgrade, { cause, issues }: Invalid): Response | Promise<Response> {
  const { route, handshake } = upgrade;
  const hook = parametersOf(upgrade);
  if (cause !== undefined) {
    const facts = { connection: handshake.id, route: route.name, hook: hook.where };
    route.host.logThrown(`the check of ${route.name} parameters`, facts, {
      thrown: cause,
      isExpected: false,
    });
  }
  const error = { code: 'validation_failed', message: 'Validation failed', issues };
  if (hook.filters === null) return refusal(422, error);
  const thrown = new UnprocessableEntityException(error);
  return refuseTold(upgrade, hook, { thrown, described: describeError(thrown) });
}

function failed(upgrade: Upgrade, error: unknown): Response | Promise<Response> {
  return refuseThrown(upgrade, parametersOf(upgrade), error);
}

function parametersOf({ route }: Upgrade): FailingHook {
  return { ...route.upgrading, where: `${route.name} parameters` };
}

/** Drops what only hooks of the upgrade take. */
export function releaseSlots(handshake: Handshake, { list, kept }: Slots): void {
  const { slots: values } = handshake;
  if (kept === 'all' || values === null) return;
  if (kept === 'none') handshake.slots = null;
  else for (const [at, { isKept }] of list.entries()) if (!isKept) values[at] = undefined;
}
