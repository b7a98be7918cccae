import { describe, expect, it } from 'vitest';
import { type Evidence, judge } from '../../bench/soak/judge.ts';
import type { Inspection } from '../../bench/soak/server/inspection.ts';

const QUIET: Inspection = {
  pid: 7,
  cpu: 1000,
  rss: 100,
  heap: 100,
  objects: 100,
  registered: { connections: 1, sockets: 1, pendingUpgrades: 0, timedHooks: 0, users: 0, topics: 0 },
  tally: {
    opened: 1000,
    closed: 1000,
    scopesMade: 2000,
    scopesDisposed: 2000,
    streamsBegun: 30,
    streamsEnded: 30,
    handledLate: 0,
    contextsLost: 0,
    collected: 995,
  },
  stall: 1,
  logLines: 5,
  findings: [],
};

const SOUND: Evidence = {
  before: QUIET,
  after: { ...QUIET, rss: 120, heap: 120, objects: 120 },
  control: { echoes: 9, times: [1], failure: null },
  clients: [{ violations: [], counts: {}, stall: 1 }],
  acknowledged: new Map([[1, [1, 2, 4]]]),
  effects: new Map([
    [1, [1, 2, 3, 4]],
    [2, [1]],
  ]),
};

const left = (change: Partial<Inspection>): Evidence => ({ ...SOUND, after: { ...SOUND.after, ...change } });
const registered = (change: Partial<Inspection['registered']>) =>
  left({ registered: { ...QUIET.registered, ...change } });
const tally = (change: Partial<Inspection['tally']>) => left({ tally: { ...QUIET.tally, ...change } });
const effects = (...commands: number[]): Evidence => ({ ...SOUND, effects: new Map([[1, commands]]) });

describe('what is left after a soak', () => {
  it('is sound where nothing is left and nothing is missing', () => {
    expect(judge(SOUND)).toEqual([]);
  });

  it.each<[string, Evidence]>([
    ['1 connections are still registered', registered({ connections: 2 })],
    ['2 sockets are still registered', registered({ sockets: 3 })],
    ['3 pendingUpgrades are still registered', registered({ pendingUpgrades: 3 })],
    ['1 timedHooks are still registered', registered({ timedHooks: 1 })],
    ['1 users are still registered', registered({ users: 1 })],
    ['1 topics are still registered', registered({ topics: 1 })],
    ['-1 connections are still registered', registered({ connections: 0 })],
    ['999 of 1000 connections were closed', tally({ closed: 999 })],
    ['1999 of 2000 scoped instances were disposed', tally({ scopesDisposed: 1999 })],
    ['29 of 30 streams were ended', tally({ streamsEnded: 29 })],
    ['979 of 1000 connections were collected as garbage', tally({ collected: 979 })],
    ['1 messages were handled after their session', tally({ handledLate: 1 })],
    ['2 times the context was another connection’s', tally({ contextsLost: 2 })],
    ['rss grew from 100 to 121', left({ rss: 121 })],
    ['heap grew from 100 to 121', left({ heap: 121 })],
    ['objects grew from 100 to 121', left({ objects: 121 })],
    ['process 7 has become 8', left({ pid: 8 })],
    ['the log has what nothing explains: broken', left({ findings: ['broken'] })],
    ['the control client: late', { ...SOUND, control: { ...SOUND.control, failure: 'late' } }],
    ['a client says so', { ...SOUND, clients: [{ violations: ['a client says so'], counts: {}, stall: 1 }] }],
    ['command 4 of connection 1 was answered, but had no effect', effects(1, 2, 3)],
    ['command 2 of connection 1 had its effect twice', effects(1, 2, 2, 4)],
    ['command 3 of connection 1 had its effect too early', effects(1, 3, 2, 4)],
  ])('is not sound where it says: %s', (violation, evidence) => {
    expect(judge(evidence)).toEqual([violation]);
  });
});
