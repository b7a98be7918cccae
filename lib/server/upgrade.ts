import type { Server } from 'bun';
import { Connection } from '../connection/connection.ts';
import { Handshake } from '../connection/handshake.ts';
import type { EventContext } from '../enhancers/event-context.ts';
import { ExecutionContext } from '../enhancers/execution-context.ts';
import type { Span } from '../observability/opentelemetry.ts';
import type { Route } from '../routing/route.ts';
import { checkSlots, releaseSlots } from './check-slots.ts';
import { disposeScope } from './dispose-scope.ts';
import { addressOf } from './forwarded.ts';
import { askGuards } from './guards.ts';
import type { ServedRoute } from './host.ts';
import { awaitAnswer } from './pending-upgrade.ts';
import { refusal } from './refusal.ts';
import { refuseThrown } from './refuse-upgrade.ts';
import { isExpired, sessionExpired } from './session.ts';
import { selectSubprotocol } from './subprotocol.ts';
import { addHeaders, judge, replaceSlots } from './upgrade-hooks.ts';
import { refuseDisconnected, refuseRequest, refuseWhileDraining } from './upgrade-request.ts';
import {
  type Answer,
  headersOf,
  runHooks,
  runSteps,
  type Step,
  type Take,
  type Upgrade,
} from './upgrade-step.ts';

/** The way of an upgrade once its request and subprotocol are judged; a route takes the steps it has a use for. */
const STEPS: readonly { readonly isUsed: (route: Route) => boolean; readonly step: Step }[] = [
  { isUsed: ({ openScope }) => openScope !== null, step: makeController },
  { isUsed: ({ guards }) => guards !== null, step: askUpgradeGuards },
  { isUsed: ({ parse }) => parse !== null, step: upgrade => runHooks(upgrade, upgrade.route.parse, replace) },
  {
    isUsed: ({ transform }) => transform !== null,
    step: upgrade => runHooks(upgrade, upgrade.route.transform, replace),
  },
  { isUsed: ({ slots }) => slots !== null, step: checkSlots },
  {
    isUsed: ({ beforeHandle }) => beforeHandle !== null,
    step: upgrade => runHooks(upgrade, upgrade.route.beforeHandle, refuse),
  },
  {
    isUsed: ({ upgradeHeaders }) => upgradeHeaders !== null,
    step: upgrade => runHooks(upgrade, upgrade.route.upgradeHeaders, addTo101),
  },
  { isUsed: () => true, step: accept },
];

const replace: Take = ({ handshake }, hook, result) => replaceSlots(handshake, hook, result);
const refuse: Take = (_upgrade, hook, result) => judge(hook, result);
const addTo101: Take = (upgrade, hook, result) => addHeaders(headersOf(upgrade), hook, result);

/** Where an upgrade request came in. */
export interface Arrival {
  readonly server: Server<Connection>;
  readonly params: Record<string, string>;
  /** The span of the request; without tracing there is none. */
  readonly span?: Span | null;
}

/** Answers the upgrade requests of one route. */
export type Upgrader = (request: Request, arrival: Arrival) => Answer | Promise<Answer>;

/** Stands where the connection's own controller will, until it is made. */
const NO_CONTROLLER = Object.freeze({});

/**
 * The way of every upgrade of a route: request → origin → subprotocol → guards → `@Parse` → `@Transform` → slots →
 * `@BeforeHandle` → headers → 101. Anything may refuse with a real HTTP status; nothing of the connection exists
 * before. It stays synchronous as long as every check and hook is, because Bun refuses frames that arrive
 * during an asynchronous upgrade.
 */
export function upgraderOf(route: ServedRoute): Upgrader {
  const steps = STEPS.filter(({ isUsed }) => isUsed(route)).map(({ step }) => step);
  const { users } = route;
  const { admission, proxies } = route.host;
  const runsHooks = steps.length > 1;
  const readsAddress = admission.countsAddresses || proxies > 0;
  return (request, { server, params, span }) => {
    const refused = refuseRequest(request, route, params) ?? admission.refuseFull(runsHooks);
    if (refused !== undefined) return refused;
    const offered = request.headers.get('sec-websocket-protocol');
    const selected = selectSubprotocol(offered, route.options.subprotocols);
    if (selected === null) return refuseSubprotocol();
    const address = readsAddress ? addressOf(request, server, proxies) : undefined;
    const isCounted = address !== undefined && admission.countsAddresses;
    const place = isCounted ? admission.take(address) : null;
    if (isCounted && place === null) return admission.refuseAddress();
    const upgrade: Upgrade = {
      route,
      request,
      server,
      handshake: new Handshake({ request, params, server, subprotocol: selected, address }),
      offersSubprotocol: offered !== null,
      scope: null,
      controller: route.instance ?? NO_CONTROLLER,
      headers: null,
      place,
      isOver: false,
    };
    if (span) route.tracing?.keep(upgrade.handshake, span);
    if (runsHooks) users.upgrades.set(upgrade.handshake, null);
    // A function that holds a closure pays for its scope at each call, so the longer ways are functions of their own.
    return route.context === null ? run(upgrade, steps) : runInContext(route.context, upgrade, steps);
  };
}

/** Lets services ask for the handshake (`EventContext`), where any does. */
function runInContext(context: EventContext, upgrade: Upgrade, steps: readonly Step[]) {
  const { handshake } = upgrade;
  const event = { phase: 'upgrade', handshake, connection: undefined, event: undefined } as const;
  return context.run(event, () => run(upgrade, steps));
}

function run(upgrade: Upgrade, steps: readonly Step[]): Answer | Promise<Answer> {
  const answer = runSteps(upgrade, steps);
  return answer instanceof Promise ? runLater(upgrade, answer) : leave(upgrade, answer);
}

async function runLater(upgrade: Upgrade, answer: Promise<Answer>): Promise<Answer> {
  return leave(upgrade, await awaitAnswer(upgrade, answer));
}

/** The upgrade is over. What belongs to one that was refused has no connection that would give it back. */
function leave({ route, handshake, scope, place }: Upgrade, answer: Answer): Answer {
  route.users.upgrades.delete(handshake);
  if (answer === undefined) return undefined;
  if (place !== null) route.host.admission.leave(place);
  if (scope !== null) void disposeScope(route, handshake.id, scope);
  return answer;
}

/** The controller of a connection that has its own; what its constructor throws refuses the upgrade. */
function makeController(upgrade: Upgrade): Answer | Promise<Answer> {
  const { route, handshake } = upgrade;
  const take = (controller: object): undefined => {
    upgrade.controller = controller;
  };
  const failed = (error: unknown) =>
    refuseThrown(upgrade, { ...route.upgrading, where: `${route.name} constructor` }, error);
  try {
    upgrade.scope = route.openScope?.(handshake) ?? null;
    handshake.scope = upgrade.scope;
    const controller = upgrade.scope?.controller() ?? upgrade.controller;
    return controller instanceof Promise ? controller.then(take).catch(failed) : take(controller);
  } catch (error) {
    return failed(error);
  }
}

/** Asks the guards of the class, before anything of its hooks runs. */
function askUpgradeGuards(upgrade: Upgrade): Answer | Promise<Answer> {
  const { route, handshake, scope } = upgrade;
  const { guards, upgrading } = route;
  if (guards === null) return undefined;
  const failed = (error: unknown) => refuseThrown(upgrade, upgrading, error);
  try {
    const context = new ExecutionContext(upgrading.callee, { handshake, connection: null });
    return askGuards(guards, { scope, context, about: upgrade })?.then(() => undefined, failed);
  } catch (error) {
    return failed(error);
  }
}

/** The 101, and the connection. */
function accept(upgrade: Upgrade): Answer {
  const { route, request, server, handshake } = upgrade;
  const refused = refuseWhileDraining(route) ?? refuseDisconnected(route, handshake);
  if (refused !== undefined) return refused;
  // Its guard may be long ago.
  if (isExpired(upgrade)) throw sessionExpired();
  // Bun selects the first offered subprotocol unless told otherwise (oven-sh/bun#18243).
  if (upgrade.offersSubprotocol)
    headersOf(upgrade).set('Sec-WebSocket-Protocol', handshake.subprotocol ?? '');
  else if (route.headers !== null) headersOf(upgrade);
  // Bun compresses for every route of a server or for none.
  if (route.refusesCompression) request.headers.delete('sec-websocket-extensions');
  if (route.slots !== null) releaseSlots(handshake, route.slots);
  // What runs after the close may ask for it.
  if (route.close !== null || route.openScope !== null) handshake.keepAddress();
  handshake.release(route.keepsRequest);
  const connection = new Connection(route, upgrade.controller, handshake);
  connection.place = upgrade.place;
  const { headers } = upgrade;
  const options = headers === null ? { data: connection } : { data: connection, headers };
  return server.upgrade(request, options) ? undefined : refuseUpgrade();
}

function refuseSubprotocol(): Response {
  return refusal(400, { code: 'bad_request', message: 'None of the offered subprotocols is spoken here' });
}

function refuseUpgrade(): Response {
  return refusal(400, { code: 'bad_request', message: 'The request cannot be upgraded' });
}
