import { CloseCodes } from '../connection/close-codes.ts';
import type { Handshake } from '../connection/handshake.ts';
import { hostOf } from './forwarded.ts';
import type { ServedRoute } from './host.ts';
import { refusal } from './refusal.ts';

/** RFC 6455 §4.1: 16 bytes in base64. */
const KEY = /^[A-Za-z0-9+/]{22}==$/;
const CONTROL_CHARACTER = /\p{Cc}/u;

/** Whether a request asks for a WebSocket; what else it must hold is judged by `refuseRequest()`. */
export function isUpgrade(request: Request): boolean {
  const upgrade = request.headers.get('upgrade');
  return upgrade === 'websocket' || upgrade?.toLowerCase() === 'websocket';
}

/** Judges the request itself (RFC 6455 §4.2.1), before anything of the user runs; `undefined` goes on. */
export function refuseRequest(
  request: Request,
  route: ServedRoute,
  params: Record<string, string>,
): Response | undefined {
  const { headers } = request;
  if (request.method !== 'GET') return methodNotAllowed();
  if (!hasUpgradeToken(headers.get('connection'))) {
    return badRequest('The Connection header of an upgrade holds "upgrade"');
  }
  if (headers.get('sec-websocket-version') !== '13') {
    const message = 'WebSocket version 13 is the only one spoken here';
    return refusal(426, { code: 'upgrade_required', message }, { 'Sec-WebSocket-Version': '13' });
  }
  if (!KEY.test(headers.get('sec-websocket-key') ?? ''))
    return badRequest('The Sec-WebSocket-Key header is no key');
  for (const name in params) {
    if (CONTROL_CHARACTER.test(params[name] ?? '')) return badRequest('The path holds a control character');
  }
  return refuseOrigin(request, route) ?? refuseWhileDraining(route);
}

function refuseOrigin(request: Request, { allowsOrigin, options, host }: ServedRoute): Response | undefined {
  const origin = request.headers.get('origin');
  if (origin === null && !options.requireOrigin) return undefined;
  if (origin !== null) {
    if (allowsOrigin === null || allowsOrigin({ origin, host: hostOf(request, host.proxies) }))
      return undefined;
  }
  return refusal(403, { code: 'origin_denied', message: 'This origin may not connect' });
}

/** RFC 9110 §15.6.4; asked again after an asynchronous upgrade, which may outlast the drain's begin. */
export function refuseWhileDraining({ host }: ServedRoute): Response | undefined {
  if (!host.isDraining) return undefined;
  return refusal(503, { code: 'unavailable', message: 'The server is closing' }, { 'Retry-After': '1' });
}

/** A sign-out between its guard and its 101 counts for an upgrade as for a connection. */
export function refuseDisconnected({ users }: ServedRoute, handshake: Handshake): Response | undefined {
  const code = users.upgrades.get(handshake);
  if (code === undefined || code === null) return undefined;
  return code === CloseCodes.forbidden
    ? refusal(403, { code: 'forbidden', message: 'Forbidden' })
    : refusal(401, { code: 'unauthenticated', message: 'Unauthorized' });
}

function hasUpgradeToken(connection: string | null): boolean {
  if (connection === null) return false;
  // As browsers send it.
  if (connection === 'Upgrade') return true;
  return connection
    .toLowerCase()
    .split(',')
    .some(token => token.trim() === 'upgrade');
}

function badRequest(message: string): Response {
  return refusal(400, { code: 'bad_request', message });
}

/** RFC 9110 §15.5.6: only GET starts an upgrade. */
export function methodNotAllowed(): Response {
  return refusal(
    405,
    { code: 'method_not_allowed', message: 'A WebSocket upgrade is a GET' },
    { Allow: 'GET' },
  );
}

/** RFC 9110 §15.5.22: the path is there, but only as a WebSocket. */
export function upgradeRequired(): Response {
  const message = 'This path speaks WebSocket only';
  return refusal(426, { code: 'upgrade_required', message }, { Upgrade: 'websocket', Connection: 'Upgrade' });
}

export function notFound(): Response {
  return refusal(404, { code: 'not_found', message: 'There is nothing at this path' });
}
