import { Injectable } from '@nestjs/common';

export interface Line {
  readonly by: string;
  readonly text: string;
}

/** Knows who a token belongs to, and what was said. It stays as it is: its decorator is NestJS's. */
@Injectable()
export class ChatService {
  readonly #names = new Map([
    ['token-ada', 'Ada'],
    ['token-bob', 'Bob'],
  ]);
  readonly #lines = new Map<string, Line[]>();

  nameOf(token: string): string | undefined {
    return this.#names.get(token);
  }

  say(room: string, line: Line): Line {
    this.#lines.set(room, [...this.last(room, Number.POSITIVE_INFINITY), line]);
    return line;
  }

  /** The newest lines, the oldest of them first. */
  last(room: string, count: number): Line[] {
    const lines = this.#lines.get(room) ?? [];
    return lines.slice(Math.max(0, lines.length - count));
  }
}
