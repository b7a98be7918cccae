/** Answers an ordinary HTTP request. */
type Answer = () => Response | Promise<Response>;

/** Where the health of the process is told, and when it is ready. */
export interface HealthOptions<App = unknown> {
  /** The path that answers 200 as long as the process lives; `false` for none. Default `'/healthz'`. */
  readonly livePath?: string | false;
  /** The path that answers 200 as long as clients may connect, else 503; `false` for none. Default `'/readyz'`. */
  readonly readyPath?: string | false;
  /** Whether the application can do its work now; `false` or a throw is 503. It runs once at a time. */
  readonly ready?: (app: App) => boolean | Promise<boolean>;
  /** Milliseconds that `ready` may take, then it is 503. Default 1 000. */
  readonly timeout?: number;
}

/** What readiness depends on. */
export interface ReadyParts {
  readonly isDraining: () => boolean;
  readonly ready: (() => boolean | Promise<boolean>) | undefined;
  readonly timeout: number;
  /** Is told why the application is not ready, as its own check says. */
  readonly report: (reason: string, error?: unknown) => void;
}

/** Answers 200: whoever can answer lives. */
export const liveEndpoint: Answer = () => answer(200, { status: 'ok' });

/** Answers 200 as long as the application takes clients in, 503 from the moment on that it closes. */
export function readyEndpoint({ isDraining, ready, timeout, report }: ReadyParts): Answer {
  const draining = () => answer(503, { status: 'draining' });
  const unready = () => answer(503, { status: 'not ready' });
  const isReady = ready && askedOnce(ready);
  return async () => {
    if (isDraining()) return draining();
    if (isReady !== undefined && !(await bounded(isReady(), timeout, report))) return unready();
    return isDraining() ? draining() : liveEndpoint();
  };
}

/** Gives those who ask meanwhile the same answer: a check that hangs is not begun again by each probe. */
function askedOnce(ready: () => boolean | Promise<boolean>): () => Promise<boolean> {
  let running: Promise<boolean> | null = null;
  return () => {
    running ??= Promise.try(ready).finally(() => {
      running = null;
    });
    return running;
  };
}

async function bounded(
  asked: Promise<boolean>,
  timeout: number,
  report: ReadyParts['report'],
): Promise<boolean> {
  const { promise: late, resolve } = Promise.withResolvers<'late'>();
  const timer = setTimeout(() => resolve('late'), timeout);
  try {
    const answered = await Promise.race([asked, late]);
    if (answered === 'late') report(`did not answer within ${timeout} ms`);
    return answered === true;
  } catch (error) {
    report('failed', error);
    return false;
  } finally {
    clearTimeout(timer);
  }
}

function answer(status: number, body: object): Response {
  return Response.json(body, { status, headers: { 'Cache-Control': 'no-store' } });
}
