import { CloseCodes } from '../connection/close-codes.ts';
import type { Connection } from '../connection/connection.ts';
import type { RateLimiter } from '../enhancers/rate-limiter.ts';
import type { WireError } from '../errors.ts';
import { isPromise } from '../routing/is-promise.ts';
import type { TokenLimit } from '../routing/rate-limits.ts';
import type { MessageHandler } from '../routing/route.ts';
import { isAbandoned } from './abandon.ts';
import { isInFlight } from './correlation.ts';
import type { Envelope } from './envelope.ts';
import { refuse, reportFailure, tellError } from './error-boundary.ts';
import { routeOf, type ServedRoute } from './host.ts';
import { type Bucket, keepRecord } from './record.ts';
import { withinTime } from './time-limit.ts';

/** How many seconds in a row a client may be above its limit before it is closed. */
const MOST_WINDOWS = 3;
const RETRY_AFTER_MS = 1000;

/** Lets a message in, or answers it `rate_limited`: of each second the first one, and whichever has an id. */
export function admit(
  connection: Connection,
  route: ServedRoute,
  handler: MessageHandler | null,
  envelope: Envelope | null,
): boolean {
  const own = handler === null ? null : handler.limit;
  if (own !== null) {
    if (takeToken(bucketOf(connection, handler as MessageHandler), own, route.host.now)) return true;
  } else if (route.limit === null || takeToken(connection, route.limit, route.host.now)) return true;
  const isOfAnother = envelope?.id !== undefined && isInFlight(connection, envelope.id);
  refuseFlood(connection, route, isOfAnother ? null : envelope);
  return false;
}

function takeToken(bucket: Bucket, { rate, burst }: TokenLimit, now: number): boolean {
  if (bucket.tokensAt !== now) {
    const filled = bucket.tokensAt === -1 ? burst : bucket.tokens + (now - bucket.tokensAt) * rate;
    bucket.tokens = Math.min(burst, filled);
    bucket.tokensAt = now;
  }
  if (bucket.tokens < 1) return false;
  bucket.tokens--;
  return true;
}

function bucketOf(connection: Connection, handler: MessageHandler): Bucket {
  const record = keepRecord(connection);
  record.buckets ??= new Map();
  let bucket = record.buckets.get(handler);
  if (bucket === undefined) {
    bucket = { tokens: 0, tokensAt: -1 };
    record.buckets.set(handler, bucket);
  }
  return bucket;
}

/** A message came above the limit. The client is told once a second, and closed when it does not listen. */
function refuseFlood(connection: Connection, route: ServedRoute, envelope: Envelope | null): void {
  const { now } = route.host;
  route.metrics?.counters.rateLimited.inc();
  const record = keepRecord(connection);
  record.flood ??= { at: -1, windows: 0 };
  const { flood } = record;
  const isNew = flood.at !== now;
  if (isNew) {
    flood.windows = flood.at === now - 1 ? flood.windows + 1 : 1;
    flood.at = now;
  }
  if (flood.windows > MOST_WINDOWS) return connection.shut(CloseCodes.rateLimited, 'too many messages');
  const isAsked = envelope?.id !== undefined;
  if (!isNew && !isAsked) return;
  const error: WireError = {
    code: 'rate_limited',
    message: 'Too many messages',
    retryAfterMs: RETRY_AFTER_MS,
  };
  // Filters and @OnError() may take their time, and nothing else bounds how many of them a client has run at once.
  if (isNew) void refuse(connection, { hook: route.unhandled, envelope: isAsked ? envelope : null }, error);
  else tellError(connection, envelope, error);
}

const UNLIMITED: TokenLimit = { rate: Number.POSITIVE_INFINITY, burst: Number.POSITIVE_INFINITY };

/** Asks the user's own limiter, in the turn of the message; the promise never rejects. */
export function askLimiter(
  connection: Connection,
  { limiter, envelope }: { readonly limiter: RateLimiter; readonly envelope: Envelope | null },
  handle: () => void | Promise<void>,
): void | Promise<void> {
  const route = routeOf(connection);
  const event = envelope?.event;
  const handler = event === undefined ? null : (route.events?.get(event) ?? route.fallback);
  const { rate, burst } = handler?.limit ?? route.limit ?? UNLIMITED;
  const hook = { ...route.unhandled, where: `the limiter of ${route.name}` };
  const goOn = () => (isAbandoned(connection) ? undefined : handle());
  const failed = (error: unknown) => {
    reportFailure(connection, { hook, envelope }, error);
    return goOn();
  };
  const judge = (isIn: boolean) => {
    if (isIn) return goOn();
    refuseFlood(connection, route, envelope);
  };
  try {
    const asked = limiter.take({ connection, event, rate, burst });
    if (!isPromise(asked)) return judge(asked as boolean);
    return withinTime(connection, hook, asked as PromiseLike<boolean>).then(judge, failed);
  } catch (error) {
    return failed(error);
  }
}
