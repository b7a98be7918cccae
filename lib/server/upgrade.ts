import type { Server } from 'bun';
import { Connection } from '../connection/connection.ts';
import { Handshake } from '../connection/handshake.ts';
import { describeError } from '../enhancers/wire-error.ts';
import type { Invalid } from '../errors.ts';
import type { ControllerScope, UpgradeHook } from '../routing/route.ts';
import { disposeScope } from './dispose-scope.ts';
import type { ServedRoute } from './host.ts';
import { isPromise } from './is-promise.ts';
import { refusal } from './refusal.ts';
import { readSlots, releaseSlots } from './slots.ts';
import { selectSubprotocol } from './subprotocol.ts';
import { addHeaders, judge, replaceSlots } from './upgrade-hooks.ts';
import { refuseRequest, refuseWhileDraining } from './upgrade-request.ts';

/** Bun's answer to a request: nothing once it was upgraded. */
type Answer = Response | undefined;

/** One upgrade request on its way. */
interface Upgrade {
  readonly route: ServedRoute;
  readonly request: Request;
  readonly server: Server<Connection>;
  readonly handshake: Handshake;
  /** Of this connection alone, where its controller is. */
  readonly scope: ControllerScope | null;
  /** Whose hooks run. */
  controller: object;
  /** Of the 101; made when the first is known. */
  headers: Headers | null;
}

/** Stands where the connection's own controller will, until it is made. */
const NO_CONTROLLER = Object.freeze({});

/** A step of the upgrade: refuses with a response, or lets go on. */
type Step = (current: Upgrade) => Answer | Promise<Answer>;

/** The way of an upgrade once its request and its subprotocol are judged; a step a route has no use for is nothing. */
const STEPS: readonly Step[] = [
  makeController,
  current =>
    runHooks(current, current.route.parse, (hook, result) => replaceSlots(current.handshake, hook, result)),
  current =>
    runHooks(current, current.route.transform, (hook, result) =>
      replaceSlots(current.handshake, hook, result),
    ),
  checkSlots,
  current => runHooks(current, current.route.beforeHandle, judge),
  current =>
    runHooks(current, current.route.upgradeHeaders, (hook, result) =>
      addHeaders(headersOf(current), hook, result),
    ),
  accept,
];

/**
 * The way of every upgrade: request → origin → subprotocol → `@Parse` → `@Transform` → slots → `@BeforeHandle`
 * → headers → 101. Anything may refuse with a real HTTP status; nothing of the connection exists before. It
 * stays synchronous as long as every check and hook is, because Bun refuses frames that arrive during an
 * asynchronous upgrade.
 */
export function upgrade(
  route: ServedRoute,
  request: Request,
  { server, params }: { readonly server: Server<Connection>; readonly params: Record<string, string> },
): Answer | Promise<Answer> {
  const refused = refuseRequest(request, route, params);
  if (refused !== undefined) return refused;
  const offered = request.headers.get('sec-websocket-protocol');
  const selected = selectSubprotocol(offered, route.options.subprotocols);
  if (selected === null) {
    return refusal(400, { code: 'bad_request', message: 'None of the offered subprotocols is spoken here' });
  }
  const handshake = new Handshake({ request, params, ip: ipOf(server, request) });
  handshake.select(selected);
  const scope = route.openScope?.(handshake) ?? null;
  const controller = route.instance ?? NO_CONTROLLER;
  const answer = runAll({ route, request, server, handshake, scope, controller, headers: null });
  return scope === null ? answer : disposeIfRefused(answer, { route, handshake, scope });
}

/** The controller of the connection, where it has its own; what its constructor throws refuses the upgrade. */
function makeController(current: Upgrade): Answer | Promise<Answer> {
  const { scope, route } = current;
  if (scope === null) return undefined;
  const take = (controller: object): undefined => {
    current.controller = controller;
  };
  const failed = (error: unknown) => refuseThrown(current, `${route.name} constructor`, error);
  try {
    const controller = scope.controller();
    return controller instanceof Promise ? controller.then(take).catch(failed) : take(controller);
  } catch (error) {
    return failed(error);
  }
}

/** A scope whose upgrade was refused has no connection that would dispose it. */
function disposeIfRefused(
  answer: Answer | Promise<Answer>,
  owner: Pick<Upgrade, 'route' | 'handshake'> & { readonly scope: ControllerScope },
): Answer | Promise<Answer> {
  if (answer instanceof Promise) return answer.then(settled => disposeIfRefused(settled, owner));
  if (answer !== undefined) void disposeScope(owner.route, owner.handshake.id, owner.scope);
  return answer;
}

function headersOf(current: Upgrade): Headers {
  current.headers ??= new Headers((current.route.headers ?? []) as [string, string][]);
  return current.headers;
}

/** Runs every step; what none of them foresaw refuses the upgrade too, with the route's name in the log. */
function runAll(current: Upgrade): Answer | Promise<Answer> {
  const failed = (error: unknown) => refuseThrown(current, current.route.name, error);
  try {
    const answer = runSteps(current);
    return answer instanceof Promise ? answer.catch(failed) : answer;
  } catch (error) {
    return failed(error);
  }
}

function runSteps(current: Upgrade, at = 0): Answer | Promise<Answer> {
  for (let next = at; next < STEPS.length; next++) {
    const answer = STEPS[next]?.(current);
    if (answer instanceof Promise) return answer.then(refused => refused ?? runSteps(current, next + 1));
    if (answer !== undefined) return answer;
  }
  return undefined;
}

function accept(current: Upgrade): Answer {
  const { route, request, server, handshake } = current;
  const refused = refuseWhileDraining(route);
  if (refused !== undefined) return refused;
  if (route.slots !== null) releaseSlots(handshake, route.slots);
  // Bun selects the first offered subprotocol unless told otherwise (oven-sh/bun#18243).
  if (request.headers.has('sec-websocket-protocol')) {
    headersOf(current).set('Sec-WebSocket-Protocol', handshake.subprotocol ?? '');
  } else if (route.headers !== null) headersOf(current);
  // Bun compresses for every route of a server or for none.
  if (!route.compress) request.headers.delete('sec-websocket-extensions');
  handshake.release();
  const connection = new Connection(route, current.controller, handshake);
  connection.scope = current.scope;
  const { headers } = current;
  const options = headers === null ? { data: connection } : { data: connection, headers };
  if (server.upgrade(request, options)) return undefined;
  return refusal(400, { code: 'bad_request', message: 'The request cannot be upgraded' });
}

function checkSlots(current: Upgrade): Answer | Promise<Answer> {
  const { slots, name } = current.route;
  if (slots === null) return undefined;
  try {
    const checked = readSlots(current.handshake, slots);
    if (!(checked instanceof Promise)) return refuseInvalid(current, checked);
    return checked.then(
      settled => refuseInvalid(current, settled),
      error => refuseThrown(current, `${name} parameters`, error),
    );
  } catch (error) {
    return refuseThrown(current, `${name} parameters`, error);
  }
}

function refuseInvalid({ route, handshake }: Upgrade, invalid: Invalid | undefined): Answer {
  if (invalid === undefined) return undefined;
  if (invalid.cause !== undefined) {
    const facts = { connection: handshake.id, route: route.name };
    route.host.logThrown(`the check of ${route.name} parameters`, facts, {
      thrown: invalid.cause,
      isExpected: false,
    });
  }
  return refusal(422, { code: 'validation_failed', message: 'Validation failed', issues: invalid.issues });
}

/** Runs hooks one after another; `take` uses what each returned, and may refuse or throw. */
function runHooks(
  current: Upgrade,
  hooks: readonly UpgradeHook[] | null,
  take: (hook: UpgradeHook, result: unknown) => Answer,
  at = 0,
): Answer | Promise<Answer> {
  const hook = hooks?.[at];
  if (hook === undefined) return undefined;
  const next = (result: unknown) => take(hook, result) ?? runHooks(current, hooks, take, at + 1);
  try {
    const result = hook.invoke(current.controller, current.handshake, undefined, undefined);
    if (!isPromise(result)) return next(result);
    return Promise.resolve(result)
      .then(next)
      .catch(error => refuseThrown(current, hook.where, error));
  } catch (error) {
    return refuseThrown(current, hook.where, error);
  }
}

/** Whatever a hook of the upgrade threw becomes a response; the server's own faults without their text. */
function refuseThrown({ route, handshake }: Upgrade, where: string, thrown: unknown): Response {
  const { status, error, isExpected } = describeError(thrown);
  const facts = { connection: handshake.id, route: route.name, hook: where };
  route.host.logThrown(where, facts, { thrown, isExpected });
  return refusal(status, error);
}

/** The peer's address, an IPv4 one without its IPv6 mapping; Bun knows it only before the upgrade. */
function ipOf(server: Server<Connection>, request: Request): string | undefined {
  const address = server.requestIP(request)?.address;
  return address?.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address;
}
