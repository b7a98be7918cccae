import { Connection, OnOpen, Query, WebSocketRoute } from 'gatewire';
import { describe, expect, it } from 'vitest';
import { serve } from '../support/application.ts';
import { until } from '../support/deadline.ts';

describe('a listener of an AbortSignal', () => {
  it('that throws while another closes its connection is reported once, as its own', async () => {
    const connections = new Map<string, Connection>();
    @WebSocketRoute('/listening')
    class ListeningController {
      @OnOpen()
      open(connection: Connection, @Query('as') name: string) {
        connections.set(name, connection);
        connection.signal.addEventListener('abort', () => {
          if (name === 'inner') throw new Error('the listener is broken');
          connections.get('inner')?.close();
        });
      }
    }
    await using server = await serve([ListeningController]);
    await using inner = await server.connect('/listening?as=inner');
    const outer = await server.connect('/listening?as=outer');
    await until(() => connections.size === 2, 'both');
    await outer.close();
    await inner.closed();
    expect(server.log.map(({ message, facts }) => [message, facts.connection])).toEqual([
      ['ListeningController abort listener failed', connections.get('inner')?.id],
    ]);
  });
});
