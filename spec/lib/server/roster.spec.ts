import { edenGC, fullGC, heapStats } from 'bun:jsc';
import { describe, expect, it } from 'vitest';
import { type Listed, Roster } from '../../../lib/server/roster.ts';

class Guest implements Listed {
  seat = -1;

  constructor(readonly name: string) {}
}

const names = (roster: Roster<Guest>) => [...roster].map(({ name }) => name);

describe('a roster', () => {
  it('knows who is on it, whoever leaves first', () => {
    for (const leaving of ['a', 'b', 'c']) {
      const roster = new Roster<Guest>();
      const guests = ['a', 'b', 'c'].map(name => new Guest(name));
      for (const guest of guests) roster.add(guest);
      const gone = guests.find(({ name }) => name === leaving) as Guest;
      roster.delete(gone);
      const rest = guests.filter(guest => guest !== gone);
      expect(names(roster).toSorted()).toEqual(rest.map(({ name }) => name));
      expect(guests.filter(guest => roster.has(guest))).toEqual(rest);
      for (const guest of rest) roster.delete(guest);
      expect(roster.size).toBe(0);
    }
  });

  it('does nothing for who is not on it, or on another', () => {
    const [roster, other] = [new Roster<Guest>(), new Roster<Guest>()];
    const [guest, stranger] = [new Guest('guest'), new Guest('stranger')];
    roster.add(guest);
    other.add(stranger);
    roster.delete(stranger);
    roster.delete(new Guest('nobody'));
    expect([names(roster), names(other)]).toEqual([['guest'], ['stranger']]);
  });

  it('visits everybody once while those who were visited leave and others come', () => {
    const roster = new Roster<Guest>();
    for (const name of ['a', 'b', 'c', 'd']) roster.add(new Guest(name));
    const seen: string[] = [];
    for (const guest of roster) {
      seen.push(guest.name);
      roster.delete(guest);
      if (guest.name === 'c') roster.add(new Guest('e'));
    }
    expect(seen.toSorted()).toEqual(['a', 'b', 'c', 'd']);
    expect(names(roster)).toEqual(['e']);
  });

  it('holds nobody who has left, so that a short garbage collection frees them', () => {
    // Of a kind that nothing else here has many of, to be counted in the heap.
    const guests = () => heapStats().objectTypeCounts.DataView ?? 0;
    const roster = new Roster<DataView & Listed>();
    const present: (DataView & Listed)[] = [];
    fullGC();
    const before = guests();
    for (let at = 0; at < 10_000; at++) {
      const guest = Object.assign(new DataView(new ArrayBuffer(8)), { seat: -1 });
      roster.add(guest);
      present.push(guest);
      if (present.length > 10) roster.delete(present.shift() as DataView & Listed);
      if (at % 500 === 499) edenGC();
    }
    expect(guests() - before).toBeLessThan(1500);
  });
});
