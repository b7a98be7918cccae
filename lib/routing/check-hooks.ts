import type { Mistake } from '../errors.ts';
import type { ControllerMetadata, HookName } from '../metadata/controller-metadata.ts';
import { MAX_EVENT_LENGTH } from './event-name.ts';
import { hookName } from './hook-name.ts';
import type { HookPlan } from './plan.ts';
import { suggest } from './suggest.ts';

const SINGLE: readonly HookName[] = ['open', 'auth', 'drain', 'ping', 'pong', 'close', 'error'];

/** Reports hooks of which a controller has two where one can run. */
export function checkSingleHooks(controller: string, hooks: readonly HookPlan[], mistakes: Mistake[]): void {
  for (const name of SINGLE) {
    const [first, second] = hooks.filter(({ hook }) => hook === name);
    if (first === undefined || second === undefined) continue;
    mistakes.push({
      code: 'GATEWIRE_DUPLICATE_HOOK',
      where: controller,
      what: `two methods have ${hookName(name)}: ${methodOf(first)} and ${methodOf(second)}`,
      fix: 'Keep one of them, and let it call the other; inherited methods count',
    });
  }
}

/** Reports decorated parameters of methods that nothing calls: their hook decorator was forgotten. */
export function checkParameters(
  controller: string,
  { hooks, parameters }: Pick<ControllerMetadata, 'hooks' | 'parameters'>,
  mistakes: Mistake[],
): void {
  const called = new Set(hooks.map(({ method }) => method));
  for (const { method, index } of parameters) {
    if (called.has(method)) continue;
    mistakes.push({
      code: 'GATEWIRE_MISPLACED_PARAMETER',
      where: `${controller}.${String(method)}() parameter ${index}`,
      what: 'it is decorated, but its method has no hook decorator, so nothing calls it',
      fix: 'Decorate the method with @OnMessage(), @OnOpen() or another hook',
    });
  }
}

/** Hooks whose result is sent. */
const ANSWERING: readonly HookName[] = ['open', 'message', 'drain', 'ping', 'pong', 'error'];

/** Reports `@Returns()` where nothing that the method returns is sent. */
export function checkReturns(
  controller: string,
  { hooks, returns }: Pick<ControllerMetadata, 'hooks' | 'returns'>,
  mistakes: Mistake[],
): void {
  const answering = new Set(hooks.filter(({ hook }) => ANSWERING.includes(hook)).map(({ method }) => method));
  for (const { method } of returns) {
    if (answering.has(method)) continue;
    mistakes.push({
      code: 'GATEWIRE_MISPLACED_DECORATOR',
      where: `${controller}.${String(method)}()`,
      what: '@Returns() checks what is sent, and nothing that this method returns is',
      fix: 'Put it on an @OnMessage() or @OnOpen() method',
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

/** Reports an `@OnAuth()` whose frame could not be told from others. */
export function checkAuth(hooks: readonly HookPlan[], mistakes: Mistake[]): void {
  const auth = hooks.find(({ hook }) => hook === 'auth');
  const plain = hooks.find(({ hook, event }) => hook === 'message' && event === undefined);
  if (auth === undefined || plain === undefined) return;
  mistakes.push({
    code: 'GATEWIRE_MISPLACED_DECORATOR',
    where: auth.where,
    what: `@OnAuth() takes an envelope, and the frames of this route are bare: ${methodOf(plain)} takes them whole`,
    fix: `Give that method an event, @OnMessage('say'), or authenticate at the upgrade`,
  });
}

/** Reports `@TransformMessage('x')` methods that would never run. */
export function checkTransforms(hooks: readonly HookPlan[], mistakes: Mistake[]): void {
  const events = hooks.flatMap(({ hook, event }) =>
    hook === 'message' && event !== undefined ? [event] : [],
  );
  for (const { hook, event, where } of hooks) {
    if (hook !== 'transformMessage' || event === undefined || events.includes(event)) continue;
    mistakes.push({
      code: 'GATEWIRE_INVALID_EVENT',
      where,
      what: `@TransformMessage('${event}') would never run, because no method is @OnMessage('${event}')`,
      fix:
        events.length === 0
          ? 'Drop the event: on a plain route it runs for every message'
          : `Name an event that is handled: ${suggest(event, events)}there are ${events.join(', ')}`,
    });
  }
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
    if (!isEvent(event)) {
      mistakes.push({
        code: 'GATEWIRE_INVALID_EVENT',
        where: plan.where,
        what: `an event is a string of 1 to ${MAX_EVENT_LENGTH} characters that does not start with "$", which is reserved`,
        got: JSON.stringify(event) ?? typeof event,
        fix: 'Rename it, or use @OnMessage() without a name to take whole frames',
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

function isEvent(event: unknown): boolean {
  return (
    typeof event === 'string' && event !== '' && event.length <= MAX_EVENT_LENGTH && !event.startsWith('$')
  );
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
