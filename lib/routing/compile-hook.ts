import type { Connection } from '../connection/connection.ts';
import type { Handshake } from '../connection/handshake.ts';
import type { JsonBounds } from '../connection/json-bounds.ts';
import { type Callee, ExecutionContext } from '../enhancers/execution-context.ts';
import type { HookName } from '../metadata/controller-metadata.ts';
import type { Validation } from '../validation/validation.ts';
import { compileInvoke, compileLaterInvoke, type IsDue, type Reader } from './invoker.ts';
import type { Argument, HookPlan, SlotPlan } from './plan.ts';
import type { ConnectionHook, ControllerScope, Invoke, UpgradeHook } from './route.ts';
import type { RouteEnhancers } from './route-enhancers.ts';
import { runPipes } from './run-pipes.ts';

/** What the hooks of one controller are compiled with. */
export interface HookContext {
  readonly slots: readonly SlotPlan[];
  readonly validation: Validation;
  readonly enhancers: RouteEnhancers;
  readonly bounds: JsonBounds;
}

/** Hooks of what a client sends, which may come too late; what begins or ends a connection is not called off. */
const MESSAGES: ReadonlySet<HookName> = new Set(['message', 'auth']);

/** Prepares a hook that runs on an open connection. */
export function compileConnectionHook(plan: HookPlan, context: HookContext): ConnectionHook {
  const { validation, enhancers } = context;
  const common = enhancers.ofHook(plan);
  const takesSignal = takesOwnSignal(plan);
  const isOneBody = plan.arguments.filter(({ from }) => from === 'body').length === 1;
  let body = 0;
  const readers = plan.arguments.map(argument => {
    if (argument.from === 'custom') return connectionCustom(argument, enhancers, common.callee);
    if (argument.from === 'signal' && takesSignal)
      return (connection: Connection) => connection.signalOfCall();
    if (argument.from !== 'body') return connectionReader(argument, context.slots);
    const read = isOneBody ? readFirst : readBody(body++);
    return withPipes(read, argument, enhancers);
  });
  const returns = plan.returns === null ? null : validation.outgoing(plan.returns).validate;
  const invoke = compile(plan, readers, enhancers, MESSAGES.has(plan.hook) ? isMessageDue : isAlwaysDue);
  return { ...common, invoke: takesSignal ? trackCalls(invoke) : invoke, returns, takesSignal };
}

/** Prepares a hook that runs before there is a connection. */
export function compileUpgradeHook(plan: HookPlan, { slots, enhancers }: HookContext): UpgradeHook {
  const common = enhancers.ofHook(plan);
  const readers = plan.arguments.map(argument => {
    return argument.from === 'custom'
      ? upgradeCustom(argument, enhancers, common.callee)
      : upgradeReader(argument, slots);
  });
  return { ...common, invoke: compile(plan, readers, enhancers, isAlwaysDue), returns: null };
}

function isMessageDue(connection: Connection, promise: object): boolean {
  return connection.route.isDue(connection, promise);
}

function isAlwaysDue(): boolean {
  return true;
}

function compile<Subject>(
  plan: HookPlan,
  readers: readonly Reader<Subject>[],
  enhancers: RouteEnhancers,
  isDue: IsDue<Subject>,
) {
  const mayWait = plan.arguments.some(
    argument =>
      argument.from === 'custom' ||
      (argument.from === 'body' && enhancers.pipes(argument.body, 'body') !== null),
  );
  return mayWait ? compileLaterInvoke(plan.method, readers, isDue) : compileInvoke(plan.method, readers);
}

/**
 * Whether a hook gets a signal of its own call: one that can take too long. What a synchronous one begins, a stream for
 * example, goes on after the call, until the close.
 */
function takesOwnSignal({ hook, isAsync, arguments: all }: HookPlan): boolean {
  return isAsync && hook !== 'close' && hook !== 'error' && all.some(({ from }) => from === 'signal');
}

/** Lets go of the signal of a call that is over. */
function trackCalls(invoke: Invoke<Connection>): Invoke<Connection> {
  return (controller, connection, a, b) => {
    try {
      const result = invoke(controller, connection, a, b);
      connection.calls?.track(result as Promise<unknown>);
      return result;
    } catch (error) {
      connection.calls?.drop(connection.calls.latest);
      throw error;
    }
  };
}

function connectionReader(
  argument: Exclude<Argument, { from: 'body' | 'custom' }>,
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
  if (argument.from === 'signal') return handshake => handshake.signal;
  if (argument.from !== 'slot') return handshake => handshake;
  const at = slots.indexOf(argument.slot);
  return handshake => handshake.slots?.[at];
}

type CustomArgument = Extract<Argument, { from: 'custom' }>;

/** The argument of a decorator made by `createParamDecorator()`, in a hook of an open connection. */
function connectionCustom(
  argument: CustomArgument,
  enhancers: RouteEnhancers,
  callee: Callee,
): Reader<Connection> {
  const { factory, data } = argument;
  const pipes = enhancers.pipes(argument, 'custom', keyOf(data));
  const isMessage = callee.phase === 'message';
  return (connection, a, b) => {
    const { handshake } = connection;
    const given = isMessage ? { data: a, pattern: b as string | undefined } : {};
    const value = factory(data, new ExecutionContext(callee, { handshake, connection, ...given }));
    return pipes === null ? value : runPipes(pipes, scopeOf(connection), value);
  };
}

function upgradeCustom(
  argument: CustomArgument,
  enhancers: RouteEnhancers,
  callee: Callee,
): Reader<Handshake> {
  const { factory, data } = argument;
  const pipes = enhancers.pipes(argument, 'custom', keyOf(data));
  return handshake => {
    const value = factory(data, new ExecutionContext(callee, { handshake, connection: null }));
    return pipes === null ? value : runPipes(pipes, handshake.scope as ControllerScope | null, value);
  };
}

function withPipes(
  read: Reader<Connection>,
  { body }: Extract<Argument, { from: 'body' }>,
  enhancers: RouteEnhancers,
): Reader<Connection> {
  const pipes = enhancers.pipes(body, 'body', body.key);
  if (pipes === null) return read;
  return (connection, a, b) => runPipes(pipes, scopeOf(connection), read(connection, a, b));
}

function scopeOf({ handshake }: Connection): ControllerScope | null {
  return handshake.scope as ControllerScope | null;
}

function keyOf(data: unknown): string | undefined {
  return typeof data === 'string' ? data : undefined;
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
