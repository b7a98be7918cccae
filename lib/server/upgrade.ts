import type { Server } from 'bun';
import { Connection } from '../connection/connection.ts';
import { Handshake } from '../connection/handshake.ts';
import { describeError } from '../enhancers/wire-error.ts';
import type { Invalid } from '../errors.ts';
import type { UpgradeHook } from '../routing/route.ts';
import type { ServedRoute } from './host.ts';
import { refusal } from './refusal.ts';
import { readSlots, releaseSlots } from './slots.ts';
import { selectSubprotocol } from './subprotocol.ts';
import { refuseRequest } from './upgrade-request.ts';

/** Bun's answer to a request: nothing once it was upgraded. */
type Answer = Response | undefined;

/** One upgrade request on its way. */
interface Upgrade {
  readonly route: ServedRoute;
  readonly request: Request;
  readonly server: Server<Connection>;
  readonly handshake: Handshake;
}

/**
 * The way of every upgrade: request → origin → subprotocol → slots → `@BeforeHandle` → 101. Anything may
 * refuse with a real HTTP status; nothing of the connection exists before. It stays synchronous as long as
 * every check and hook is, because Bun refuses frames that arrive during an asynchronous upgrade.
 */
export function upgrade(
  route: ServedRoute,
  request: Request,
  { server, params }: { readonly server: Server<Connection>; readonly params: Record<string, string> },
): Answer | Promise<Answer> {
  const refused = refuseRequest(request, route, params);
  if (refused !== undefined) return refused;
  const handshake = new Handshake({ request, params, ip: ipOf(server, request) });
  const selected = selectSubprotocol(
    request.headers.get('sec-websocket-protocol'),
    route.options.subprotocols,
  );
  if (selected === null) {
    return refusal(400, { code: 'bad_request', message: 'None of the offered subprotocols is spoken here' });
  }
  handshake.subprotocol = selected;
  const current = { route, request, server, handshake };
  return then(checkSlots(current), checked => {
    if (checked !== undefined) return checked;
    return then(runBeforeHandle(current, route.beforeHandle ?? []), answer => answer ?? accept(current));
  });
}

function accept({ route, request, server, handshake }: Upgrade): Answer {
  if (route.slots !== null) releaseSlots(handshake, route.slots);
  const connection = new Connection(route, route.instance, handshake);
  // Bun selects the first offered subprotocol unless told otherwise (oven-sh/bun#18243).
  const offered = request.headers.has('sec-websocket-protocol');
  const headers = offered ? { 'Sec-WebSocket-Protocol': handshake.subprotocol ?? '' } : undefined;
  handshake.release();
  const options = headers === undefined ? { data: connection } : { data: connection, headers };
  if (server.upgrade(request, options)) return undefined;
  return refusal(400, { code: 'bad_request', message: 'The request cannot be upgraded' });
}

function checkSlots(current: Upgrade): Answer | Promise<Answer> {
  const { slots } = current.route;
  if (slots === null) return undefined;
  try {
    const checked = readSlots(current.handshake, slots);
    if (checked instanceof Promise)
      return checked.then(invalidSlots, error => refuseThrown(current, 'a slot', error));
    return invalidSlots(checked);
  } catch (error) {
    return refuseThrown(current, 'a slot', error);
  }
}

function invalidSlots(invalid: Invalid | undefined): Answer {
  if (invalid === undefined) return undefined;
  return refusal(422, { code: 'validation_failed', message: 'Validation failed', issues: invalid.issues });
}

function runBeforeHandle(current: Upgrade, hooks: readonly UpgradeHook[], at = 0): Answer | Promise<Answer> {
  const hook = hooks[at];
  if (hook === undefined) return undefined;
  const next = (result: unknown) => judge(current, hook, result) ?? runBeforeHandle(current, hooks, at + 1);
  try {
    const result = hook.invoke(current.route.instance, current.handshake, undefined, undefined);
    if (!(result instanceof Promise)) return next(result);
    return result.then(next).catch(error => refuseThrown(current, hook.where, error));
  } catch (error) {
    return refuseThrown(current, hook.where, error);
  }
}

/** What a `@BeforeHandle` returned: the refusal, or nothing to go on. */
function judge(current: Upgrade, { where }: UpgradeHook, result: unknown): Answer {
  if (result === undefined || result === true) return undefined;
  if (result === false) return refusal(403, { code: 'forbidden', message: 'Forbidden' });
  if (result instanceof Response) return result;
  const got = result === null ? 'null' : typeof result;
  return refuseThrown(
    current,
    where,
    new TypeError(`${where} returned ${got}: return nothing, true, false or a Response`),
  );
}

/** Whatever a hook of the upgrade threw becomes a response; the server's own faults without their text. */
function refuseThrown({ route, handshake }: Upgrade, where: string, thrown: unknown): Response {
  const { status, error, isExpected } = describeError(thrown);
  const facts = { connection: handshake.id, route: route.name, hook: where, error: thrown };
  route.host.log(isExpected ? 'warn' : 'error', facts, `${where} ${isExpected ? 'refused' : 'failed'}`);
  return refusal(status, error);
}

/** Goes on at once where there is nothing to wait for. */
function then<Value>(
  value: Value | Promise<Value>,
  next: (value: Value) => Answer | Promise<Answer>,
): Answer | Promise<Answer> {
  return value instanceof Promise ? value.then(next) : next(value);
}

/** The peer's address, an IPv4 one without its IPv6 mapping; Bun knows it only before the upgrade. */
function ipOf(server: Server<Connection>, request: Request): string | undefined {
  const address = server.requestIP(request)?.address;
  return address?.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address;
}
