import type { ServedConnectionRoute } from '../connection/connection-route.ts';
import type { Payload } from '../connection/encoding.ts';
import { type Sender, sendFrame } from '../connection/sending.ts';
import type { RouteMetrics } from './route-metrics.ts';
import type { SlowConsumers } from './slow-consumers.ts';

/** Sends as `sendFrame()` does, and counts what became of the frame. */
export function countedSend(metrics: RouteMetrics, slow: SlowConsumers): ServedConnectionRoute['send'] {
  const { sent, sentBytes, queued, queuedBytes } = metrics.counters;
  return (sender: Sender, frame: Payload) => {
    const isOpen = sender.end === null;
    const status = sendFrame(sender, frame);
    const bytes = bytesOf(frame);
    if (status === 'dropped') {
      if (isOpen && !sender.route.dropsFrames) slow.suspect(sender);
      const reason = isOpen ? 'slow_consumer' : 'closed';
      metrics.by('dropped', reason).inc();
      metrics.by('droppedBytes', reason).inc(bytes);
      return status;
    }
    sent.inc();
    sentBytes.inc(bytes);
    if (status === 'queued') {
      queued.inc();
      queuedBytes.inc(bytes);
    }
    return status;
  };
}

function bytesOf(frame: Payload): number {
  if (typeof frame === 'string') return Buffer.byteLength(frame);
  return frame instanceof Blob ? frame.size : frame.byteLength;
}
