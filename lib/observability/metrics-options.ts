import type { Metrics } from './metrics.ts';
import { isPrivateAddress } from './private-address.ts';

/** Says whether a request may read the metrics. `address` is the peer's; `undefined` on a unix socket. */
export type AllowMetrics = (request: Request, address: string | undefined) => boolean | Promise<boolean>;

/** What is measured, and who may read it. */
export interface MetricsOptions {
  /** Where the numbers go: prom-client, OpenTelemetry, or a class of your own. Default: counted in this process. */
  readonly backend?: Metrics;
  /** Where they are read on the application's port; `false` for nowhere. Default `'/metrics'`. */
  readonly path?: string | false;
  /**
   * Whether a request may read them; others get the 404 of a path that is not there. Default: those that no proxy
   * forwarded, from a private address (RFC 1918, 4193, 6598) or the same machine.
   */
  readonly allow?: AllowMetrics;
}

/** Headers by which a proxy tells that it is one. */
const FORWARDED = [
  'forwarded',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-real-ip',
  'via',
];

/** From within the network, without a proxy that may have carried it in. */
export const allowFromInside: AllowMetrics = (request, address) => {
  if (FORWARDED.some(name => request.headers.has(name))) return false;
  return address === undefined || isPrivateAddress(address);
};
