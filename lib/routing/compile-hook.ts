import type { Connection } from '../connection/connection.ts';
import type { Handshake } from '../connection/handshake.ts';
import type { Validation } from '../validation/validation.ts';
import { compileInvoke, type Reader } from './invoker.ts';
import type { Argument, HookPlan, SlotPlan } from './plan.ts';
import type { ConnectionHook, UpgradeHook } from './route.ts';

/** What the hooks of one controller are compiled with. */
export interface HookContext {
  readonly slots: readonly SlotPlan[];
  readonly validation: Validation;
}

/** Prepares a hook that runs on an open connection. */
export function compileConnectionHook(plan: HookPlan, { slots, validation }: HookContext): ConnectionHook {
  const { hook, where, method } = plan;
  const isOneBody = plan.arguments.filter(({ from }) => from === 'body').length === 1;
  let body = 0;
  const readers = plan.arguments.map(argument => {
    if (argument.from !== 'body') return connectionReader(argument, slots);
    return isOneBody ? readFirst : readBody(body++);
  });
  const returns = plan.returns === null ? null : validation.outgoing(plan.returns).validate;
  return { hook, where, invoke: compileInvoke(method, readers), returns };
}

/** Prepares a hook that runs before there is a connection. */
export function compileUpgradeHook(plan: HookPlan, { slots }: HookContext): UpgradeHook {
  const { hook, where, method } = plan;
  const readers = plan.arguments.map(argument => upgradeReader(argument, slots));
  return { hook, where, invoke: compileInvoke(method, readers), returns: null };
}

function connectionReader(
  argument: Exclude<Argument, { from: 'body' }>,
  slots: readonly SlotPlan[],
): Reader<Connection> {
  switch (argument.from) {
    case 'connection':
      return connection => connection;
    case 'handshake':
      return connection => connection.handshake;
    case 'signal':
      return connection => connection.signal;
    case 'event':
      return readSecond;
    case 'given':
      return argument.at === 0 ? readFirst : readSecond;
    case 'slot': {
      const at = slots.indexOf(argument.slot);
      return connection => connection.handshake.slots?.[at];
    }
  }
}

function upgradeReader(argument: Argument, slots: readonly SlotPlan[]): Reader<Handshake> {
  if (argument.from === 'signal') return handshake => handshake.request.signal;
  if (argument.from !== 'slot') return handshake => handshake;
  const at = slots.indexOf(argument.slot);
  return handshake => handshake.slots?.[at];
}

function readFirst(_subject: unknown, first: unknown): unknown {
  return first;
}

function readSecond(_subject: unknown, _first: unknown, second: unknown): unknown {
  return second;
}

function readBody(at: number): Reader<Connection> {
  return (_connection, bodies) => (bodies as readonly unknown[])[at];
}
