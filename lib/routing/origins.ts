import type { Origins } from '../metadata/route-options.ts';

/** The two headers an origin is judged by. */
export interface OriginRequest {
  readonly origin: string;
  readonly host: string;
}

interface AllowedOrigin {
  readonly protocol: string;
  /** Host and port, or `.example.com:port` for every name below it. */
  readonly host: string;
  readonly isWildcard: boolean;
}

/** A name or an address; the URL parser lets `.example.com`, `*` and `,` pass as hosts too. */
const HOSTNAME = /^(?:[a-z0-9_-][a-z0-9._-]*|\[[0-9a-f:.]+\])$/;

/** Prepares a check of the `Origin` header; `null` lets every origin in, `undefined` is a list that cannot be read. */
export function parseOrigins(origins: Origins): ((request: OriginRequest) => boolean) | null | undefined {
  if (origins === 'any') return null;
  if (origins === 'same') return isSameOrigin;
  const allowed: AllowedOrigin[] = [];
  for (const text of origins) {
    const parsed = typeof text === 'string' ? parseAllowed(text) : undefined;
    if (parsed === undefined) return undefined;
    allowed.push(parsed);
  }
  return ({ origin }) => {
    const url = parseOrigin(origin);
    return url !== undefined && allowed.some(one => isAllowed(one, url));
  };
}

/**
 * Host and port equal those of the `Host` header. The scheme does not count, because a proxy may end TLS;
 * outside production any port of a loopback name may speak to any other, so that a development server can.
 */
function isSameOrigin({ origin, host }: OriginRequest): boolean {
  const from = parseOrigin(origin);
  if (from === undefined) return false;
  const to = parseOrigin(`${from.protocol}//${host}`);
  if (to === undefined) return false;
  if (from.host === to.host) return true;
  return process.env.NODE_ENV !== 'production' && isLoopback(from.hostname) && isLoopback(to.hostname);
}

/** An `Origin` header as a URL: exactly scheme, host and port (RFC 6454 §7), lower-cased, default port dropped. */
function parseOrigin(text: string): URL | undefined {
  const url = URL.parse(text);
  if (url === null || url.origin === 'null' || !HOSTNAME.test(url.hostname)) return undefined;
  return url.origin === text.toLowerCase() || hasDefaultPort(url, text) ? url : undefined;
}

function hasDefaultPort(url: URL, text: string): boolean {
  const port = url.protocol === 'https:' || url.protocol === 'wss:' ? ':443' : ':80';
  return text.toLowerCase() === url.origin + port;
}

function parseAllowed(text: string): AllowedOrigin | undefined {
  const isWildcard = text.includes('://*.');
  const url = parseOrigin(text.replace('://*.', '://'));
  if (url === undefined || (isWildcard && !url.hostname.includes('.'))) return undefined;
  return { protocol: url.protocol, host: isWildcard ? `.${url.host}` : url.host, isWildcard };
}

function isAllowed({ protocol, host, isWildcard }: AllowedOrigin, url: URL): boolean {
  if (url.protocol !== protocol) return false;
  return isWildcard ? url.host.endsWith(host) : url.host === host;
}

function isLoopback(hostname: string): boolean {
  return (
    hostname === 'localhost' ||
    hostname === '127.0.0.1' ||
    hostname === '[::1]' ||
    hostname.endsWith('.localhost')
  );
}
