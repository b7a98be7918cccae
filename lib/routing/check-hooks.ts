import type { Mistake } from '../errors.ts';
import type { HookName } from '../metadata/controller-metadata.ts';
import type { HookPlan } from './plan.ts';
import { hookName } from './plan-arguments.ts';

const SINGLE: readonly HookName[] = ['open', 'drain', 'ping', 'pong', 'close', 'error'];

/** Reports hooks of which a controller has two where one can run. */
export function checkSingleHooks(controller: string, hooks: readonly HookPlan[], mistakes: Mistake[]): void {
  for (const name of SINGLE) {
    const [first, second] = hooks.filter(({ hook }) => hook === name);
    if (first === undefined || second === undefined) continue;
    mistakes.push({
      code: 'GATEWIRE_DUPLICATE_HOOK',
      where: controller,
      what: `two methods are ${hookName(name)}: ${methodOf(first)} and ${methodOf(second)}`,
      fix: 'Keep one of them, and let it call the other',
    });
  }
}

/** Reports message handlers that could not be told apart. */
export function checkMessageHandlers(
  controller: string,
  hooks: readonly HookPlan[],
  mistakes: Mistake[],
): void {
  const handlers = hooks.filter(({ hook }) => hook === 'message');
  const plain = handlers.filter(({ event }) => event === undefined);
  const named = handlers.filter(({ event }) => event !== undefined);
  const [firstPlain] = plain;
  const [firstNamed] = named;
  if (firstPlain !== undefined && firstNamed !== undefined) {
    mistakes.push({
      code: 'GATEWIRE_MIXED_MESSAGE_HANDLERS',
      where: controller,
      what: `@OnMessage() on ${methodOf(firstPlain)} and @OnMessage('${firstNamed.event}') on ${methodOf(firstNamed)} cannot share a route: one takes whole frames, the other envelopes`,
      fix: `Give both an event, or move one to a controller of its own; @OnMessage('*') takes the events that no other method handles`,
    });
  }
  checkPlain(controller, plain, mistakes);
  checkEvents(controller, named, mistakes);
}

function checkPlain(controller: string, plain: readonly HookPlan[], mistakes: Mistake[]): void {
  for (const kind of ['text', 'binary'] as const) {
    const [first, second] = plain.filter(plan => takesBinary(plan) === (kind === 'binary'));
    if (first === undefined || second === undefined) continue;
    mistakes.push({
      code: 'GATEWIRE_DUPLICATE_MESSAGE_HANDLER',
      where: controller,
      what: `two @OnMessage() methods take ${kind} frames: ${methodOf(first)} and ${methodOf(second)}`,
      fix: `Keep one for text and one for binary frames (its body is a Uint8Array), or name events: @OnMessage('say')`,
    });
  }
}

function checkEvents(controller: string, named: readonly HookPlan[], mistakes: Mistake[]): void {
  const byEvent = new Map<string, HookPlan>();
  for (const plan of named) {
    const event = plan.event as string;
    const before = byEvent.get(event);
    byEvent.set(event, plan);
    if (typeof event !== 'string' || event === '' || event.startsWith('$')) {
      mistakes.push({
        code: 'GATEWIRE_INVALID_EVENT',
        where: plan.where,
        what: 'an event is a non-empty string that does not start with "$", which is reserved',
        got: JSON.stringify(event) ?? typeof event,
        fix: `Rename it, or use @OnMessage() without a name to take whole frames`,
      });
    } else if (before !== undefined) {
      mistakes.push({
        code: 'GATEWIRE_DUPLICATE_EVENT',
        where: controller,
        what: `two methods handle the event "${event}": ${methodOf(before)} and ${methodOf(plan)}`,
        fix: 'Keep one of them, or rename an event; inherited methods count',
      });
    }
  }
}

/** Whether a plain handler is for binary frames: its body is bytes. */
export function takesBinary(plan: HookPlan): boolean {
  return plan.arguments.some(
    argument =>
      argument.from === 'body' && argument.body.key === undefined && argument.body.type.kind === 'bytes',
  );
}

function methodOf({ method }: HookPlan): string {
  return `${String(method)}()`;
}
