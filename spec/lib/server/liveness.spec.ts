import { Connection, OnMessage, OnOpen, WebSocketRoute } from 'gatewire';
import { describe, expect, it } from 'vitest';
import { routeOf } from '../../../lib/server/host.ts';
import { Liveness } from '../../../lib/server/liveness.ts';
import { recordOf } from '../../../lib/server/record.ts';
import { serve } from '../../support/application.ts';
import { until } from '../../support/deadline.ts';
import { frame, OPCODES } from '../../support/frames.ts';
import { openRaw } from '../../support/raw.ts';
import { Stage } from '../../support/stage.ts';

const LONGEST_PAUSE = 30;
const MAX_PENDING = 4;

describe('a paused socket', () => {
  it.each([
    ['is read again after half a minute', 6, false],
    ['is not read again while four times maxPending wait', 50, true],
  ])('%s', async (_name, sent, staysPaused) => {
    const stage = new Stage();
    let connection: Connection | undefined;
    @WebSocketRoute('/slow', { maxPending: MAX_PENDING, rateLimit: false })
    class SlowController {
      @OnOpen()
      open(opened: Connection) {
        connection = opened;
      }

      @OnMessage()
      work(name: string) {
        return stage.run(name);
      }
    }
    await using server = await serve([SlowController]);
    const { socket } = await openRaw(`${server.url}/slow`);
    const messages = Array.from({ length: sent }, () => frame({ opcode: OPCODES.text, payload: 'a' }));
    socket.write(Buffer.concat(messages));
    await until(() => connection?.isPaused === true, 'the pause');
    const paused = connection as Connection;
    await until(() => recordOf(paused)?.queue?.length === sent - 1, 'the queue');
    const liveness = new Liveness(routeOf(paused).host);
    // A sweep is a second of its clock.
    for (let second = 0; second <= LONGEST_PAUSE; second++) liveness.sweep();
    expect(paused.isPaused).toBe(staysPaused);
    stage.finish('a');
    socket.destroy();
  });
});
