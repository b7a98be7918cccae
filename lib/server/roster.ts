/** Something that can be on a roster: it knows its own place there. */
export interface Listed {
  /** Its place on the roster; -1 while it is on none. */
  seat: number;
}

/**
 * Who is there, where somebody comes and goes all the time. Not a `Set`: JavaScriptCore's keeps what was deleted in its
 * former tables until a full garbage collection, each of those tables the next one, so that the short collections
 * copy and mark every connection that has been (measured on Bun 1.4.5).
 */
export class Roster<Member extends Listed> {
  readonly #members: Member[] = [];

  get size(): number {
    return this.#members.length;
  }

  add(member: Member): void {
    member.seat = this.#members.push(member) - 1;
  }

  has(member: Member): boolean {
    return member.seat >= 0 && this.#members[member.seat] === member;
  }

  /** The last one takes the place of the one that leaves. */
  delete(member: Member): void {
    if (!this.has(member)) return;
    const last = this.#members.pop() as Member;
    if (last !== member) {
      this.#members[member.seat] = last;
      last.seat = member.seat;
    }
    member.seat = -1;
  }

  /** The last first, so that any may leave meanwhile. */
  *[Symbol.iterator](): Generator<Member, void> {
    for (let at = this.#members.length - 1; at >= 0; at--) {
      const member = this.#members[at];
      if (member !== undefined) yield member;
    }
  }
}
