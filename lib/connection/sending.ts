import type { ServerWebSocket } from 'bun';
import { CloseCodes } from './close-codes.ts';
import { type Payload, sizeOf } from './encoding.ts';

/** What became of a frame: on its way, queued behind others (do not send it again), or not accepted. */
export type SendStatus = 'sent' | 'queued' | 'dropped';

/** A route, as far as sending to its connections goes. */
interface SendingRoute {
  readonly isMeasured: boolean;
  readonly compress: boolean;
  readonly dropsFrames: boolean;
  readonly backpressureLimit: number;
}

/** A connection, as far as sending through it goes. */
export interface Sender {
  readonly route: SendingRoute;
  readonly socket: Pick<ServerWebSocket, 'send' | 'sendText' | 'getBufferedAmount'> | null;
  /** Set once the socket is closed. */
  readonly end: object | null;
  /** Frames that were left out. */
  lost: number;
  shut(code: number, reason: string): void;
}

/** Sends an encoded frame, within what may wait for the client. */
export function sendFrame(sender: Sender, frame: Payload): SendStatus {
  const { socket } = sender;
  if (socket === null || sender.end !== null) return 'dropped';
  const { isMeasured, compress } = sender.route;
  if (isMeasured && wouldOverflow(sender, frame)) return overflow(sender);
  if (typeof frame === 'string') return statusOf(sender, socket.sendText(frame, compress), frame.length);
  return statusOf(sender, socket.send(frame as ArrayBuffer, compress), sizeOf(frame));
}

/** Reads Bun's answer to a send: bytes, `-1` for a frame that was queued, `0` for one that was not taken. */
export function statusOf(sender: Sender, status: number, length: number): SendStatus {
  if (status > 0) return 'sent';
  if (status === 0) return untaken(sender, length);
  const { dropsFrames, backpressureLimit } = sender.route;
  // One frame alone may be larger than the limit, as with Bun.
  const waitedBefore = waiting(sender) - length;
  return !dropsFrames && waitedBefore > backpressureLimit ? overflow(sender) : 'queued';
}

/** A frame that Bun did not take: an empty one, or one above its limit, for which it would close without a code. */
function untaken(sender: Sender, length: number): SendStatus {
  if (sender.end !== null) return 'dropped';
  if (length === 0) return 'sent';
  const { dropsFrames, backpressureLimit } = sender.route;
  return !dropsFrames && waiting(sender) > backpressureLimit ? overflow(sender) : 'dropped';
}

/** Whether a frame would exceed what may wait for the client; one alone may be larger, as with Bun. */
function wouldOverflow(sender: Sender, frame: Payload): boolean {
  const before = waiting(sender);
  return before > 0 && before + sizeOf(frame) > sender.route.backpressureLimit;
}

function waiting({ socket }: Sender): number {
  return socket?.getBufferedAmount() ?? 0;
}

function overflow(sender: Sender): SendStatus {
  if (sender.route.dropsFrames) sender.lost++;
  else sender.shut(CloseCodes.slowConsumer, 'slow consumer');
  return 'dropped';
}
