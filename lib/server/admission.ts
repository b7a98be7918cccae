import type { Logger } from '../observability/logger.ts';
import type { ResolvedLimits } from '../routing/limits.ts';
import { refusal } from './refusal.ts';

/** What clients of one address hold together. */
export class Place {
  taken = 0;

  constructor(readonly network: string) {}
}

const RETRY_AFTER = { 'Retry-After': '5' };

/** Counts connections, those of one address, and upgrades on their way, and says when there are too many. */
export class Admission {
  /** Upgrades that wait for asynchronous hooks. */
  pending = 0;
  readonly limits: ResolvedLimits;
  readonly #connections: { readonly size: number };
  readonly #logger: Logger;
  readonly #places = new Map<string, Place>();
  #hasWarned = false;

  constructor(limits: ResolvedLimits, connections: { readonly size: number }, logger: Logger) {
    this.limits = limits;
    this.#connections = connections;
    this.#logger = logger;
  }

  /** Whether it matters where a connection comes from. */
  get countsAddresses(): boolean {
    return this.limits.maxConnectionsPerIp !== Number.POSITIVE_INFINITY;
  }

  /** Refuses where the server is full, or where as many upgrades wait as may; `undefined` lets go on. */
  refuseFull(runsHooks: boolean): Response | undefined {
    const { maxConnections, maxPendingUpgrades } = this.limits;
    const isFull = this.#connections.size + this.pending >= maxConnections;
    if (!isFull && (!runsHooks || this.pending < maxPendingUpgrades)) return undefined;
    return refusal(503, { code: 'overloaded', message: 'The server is full' }, RETRY_AFTER);
  }

  /** Takes one of an address's places; `null` where all of them are taken. */
  take(address: string): Place | null {
    const network = networkOf(address);
    const place = this.#places.get(network) ?? new Place(network);
    if (place.taken >= this.limits.maxConnectionsPerIp) return null;
    if (place.taken++ === 0) this.#places.set(network, place);
    return place;
  }

  /** Gives a place back. */
  leave(place: Place): void {
    if (--place.taken === 0) this.#places.delete(place.network);
  }

  /** The answer to a client whose address has no place left. It may be that of a proxy, so the log says so once. */
  refuseAddress(): Response {
    if (!this.#hasWarned) {
      this.#hasWarned = true;
      this.#logger.warn(
        { maxConnectionsPerIp: this.limits.maxConnectionsPerIp },
        'an address has maxConnectionsPerIp connections, so that others of it are refused: where it is a proxy, set trustProxy',
      );
    }
    const message = 'Too many connections from this address';
    return refusal(429, { code: 'rate_limited', message }, RETRY_AFTER);
  }
}

/** What one customer of a network has: an IPv4 address, or the first 64 bits of an IPv6 one (RFC 6177). */
function networkOf(address: string): string {
  if (!address.includes(':')) return address;
  const [head = '', tail] = address.split('::');
  const groups = head === '' ? [] : head.split(':');
  const rest = tail === undefined || tail === '' ? [] : tail.split(':');
  while (tail !== undefined && groups.length + rest.length < 8) groups.push('0');
  const network = [...groups, ...rest].slice(0, 4).join(':').toLowerCase();
  // That is no customer's, but where IPv4 addresses are mapped to.
  return network === '0:0:0:0' ? address : network;
}
