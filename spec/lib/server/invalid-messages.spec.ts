import { describe, expect, it } from 'vitest';
import type { Connection } from '../../../lib/connection/connection.ts';
import { noteBadFrame, noteInvalidMessage } from '../../../lib/server/invalid-messages.ts';

/** Notes an invalid message at each of these seconds, and gives those at which the connection was shut. */
function shutAt(most: number, seconds: readonly number[], note = noteInvalidMessage): number[] {
  const host = { now: 0 };
  const shut: number[] = [];
  const connection = {
    record: null,
    route: { host, options: { closeAfterInvalid: most, closeAfterBadFrames: most } },
    shut: () => void shut.push(host.now),
  } as unknown as Connection;
  for (const second of seconds) {
    host.now = second;
    note(connection);
  }
  return shut;
}

describe.each([
  ['noteInvalidMessage()', noteInvalidMessage],
  ['noteBadFrame()', noteBadFrame],
])('%s', (_name, note) => {
  it('shuts the connection at so many within any minute', () => {
    expect(shutAt(3, [5, 6, 7], note)).toEqual([7]);
    expect(shutAt(3, [0, 59, 60], note)).toEqual([]);
    expect(shutAt(3, [0, 40, 61, 99], note)).toEqual([99]);
    expect(shutAt(1, [70], note)).toEqual([70]);
  });

  it('never does at 0', () => {
    expect(shutAt(0, Array(100).fill(1), note)).toEqual([]);
  });
});
