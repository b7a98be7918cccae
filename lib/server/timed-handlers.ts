import type { Histogram } from '../observability/metrics.ts';
import { isPromise } from '../routing/is-promise.ts';
import type { MessageHandler, Route } from '../routing/route.ts';
import type { LoopWatch } from './loop-watch.ts';
import type { RouteMetrics } from './route-metrics.ts';

type Handlers = Pick<Route, 'text' | 'binary' | 'events' | 'fallback'>;

/** The message handlers of a route with a clock around their calls: what guards and checks take is not theirs. */
export function timedHandlers(route: Route, metrics: RouteMetrics, loop: LoopWatch): Handlers {
  const timed = (handler: MessageHandler, event: string) => time(handler, metrics.handled(event), loop);
  const { text, binary, events, fallback } = route;
  return {
    text: text && timed(text, 'text'),
    binary: binary && timed(binary, 'binary'),
    events: events && new Map([...events].map(([event, handler]) => [event, timed(handler, event)])),
    fallback: fallback && timed(fallback, '*'),
  };
}

function time(handler: MessageHandler, seconds: Histogram, loop: LoopWatch): MessageHandler {
  const { invoke } = handler;
  const timed: MessageHandler['invoke'] = (controller, connection, body, event) => {
    const begin = performance.now();
    let result: unknown;
    let isLater = false;
    try {
      result = invoke(controller, connection, body, event);
      isLater = isPromise(result);
    } finally {
      const took = secondsSince(begin);
      loop.held(handler, took);
      if (!isLater) seconds.observe(took);
    }
    return isLater ? timeLater(result, begin, seconds) : result;
  };
  return Object.freeze({ ...handler, invoke: timed });
}

/** A promise of its own, because what a handler returns may begin only when somebody waits for it. */
async function timeLater(result: unknown, begin: number, seconds: Histogram): Promise<unknown> {
  try {
    return await result;
  } finally {
    seconds.observe(secondsSince(begin));
  }
}

function secondsSince(begin: number): number {
  return (performance.now() - begin) / 1000;
}
