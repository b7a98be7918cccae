import type { Server } from 'bun';
import type { Connection } from '../connection/connection.ts';
import { plainAddress } from '../connection/handshake.ts';

/** More than any address with its brackets and port has characters: what is longer is none. */
const LONGEST_ADDRESS = 53;

/** The address of the client: its own, or what so many proxies in front of the server say it is. */
export function addressOf(request: Request, server: Server<Connection>, proxies: number): string | undefined {
  const forwarded = proxies === 0 ? undefined : fromRight(request.headers.get('x-forwarded-for'), proxies);
  if (forwarded !== undefined && forwarded.length <= LONGEST_ADDRESS)
    return plainAddress(withoutPort(forwarded));
  return plainAddress(server.requestIP(request)?.address);
}

/** Some proxies append the client's port, an IPv6 address then in brackets: of one client it is another each time. */
function withoutPort(entry: string): string {
  if (entry.startsWith('[')) return entry.slice(1, entry.includes(']') ? entry.indexOf(']') : undefined);
  const colon = entry.indexOf(':');
  return colon !== -1 && colon === entry.lastIndexOf(':') ? entry.slice(0, colon) : entry;
}

/** The host that the client asked for. */
export function hostOf({ headers }: Request, proxies: number): string {
  const forwarded = proxies === 0 ? undefined : fromRight(headers.get('x-forwarded-host'), proxies);
  return forwarded ?? headers.get('host') ?? '';
}

/**
 * What the outermost of the trusted proxies wrote into a list to which each appends. Whatever stands before that
 * came from the client, who may write there what he likes.
 */
function fromRight(header: string | null, proxies: number): string | undefined {
  if (header === null) return undefined;
  const entries = header.split(',').map(entry => entry.trim());
  return (entries.at(-proxies) ?? entries[0]) || undefined;
}
