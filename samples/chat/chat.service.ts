import { Injectable } from 'gatewire';

/** One message, as the room sees it. */
export interface ChatMessage {
  readonly from: string;
  readonly text: string;
  /** When it was said, in ISO 8601. */
  readonly at: string;
}

/** A name's place in a room: reserved by the upgrade, taken once the connection is open. */
export interface Seat {
  readonly room: string;
  readonly name: string;
  /** Who is in the room subscribes to it. */
  readonly topic: string;
}

interface Room {
  /** By the name's key: nobody can be `ada` beside `Ada`. */
  readonly seats: Map<string, Seat>;
  readonly present: Set<Seat>;
  readonly messages: ChatMessage[];
}

const HISTORY_LENGTH = 50;

/** The rooms of the chat, in memory: a room is there as long as somebody is in it. */
@Injectable()
export class ChatService {
  readonly #rooms = new Map<string, Room>();

  /** Takes a name in a room, or gives nothing if somebody has it. Of two who ask at once, one gets it. */
  reserve(roomName: string, name: string): Seat | undefined {
    const room = this.#rooms.get(roomName) ?? { seats: new Map(), present: new Set(), messages: [] };
    if (room.seats.has(keyOf(name))) return undefined;
    const seat: Seat = { room: roomName, name, topic: `room:${roomName}` };
    room.seats.set(keyOf(name), seat);
    this.#rooms.set(roomName, room);
    return seat;
  }

  /** Sits down: tells what was said before, and who is here. */
  enter(seat: Seat): { messages: readonly ChatMessage[]; names: readonly string[] } {
    const room = this.#rooms.get(seat.room);
    room?.present.add(seat);
    return { messages: room?.messages ?? [], names: this.names(seat.room) };
  }

  /** Keeps a message for those who come later. */
  say({ room, name }: Seat, text: string): ChatMessage {
    const message = { from: name, text, at: new Date().toISOString() };
    const messages = this.#rooms.get(room)?.messages ?? [];
    messages.push(message);
    if (messages.length > HISTORY_LENGTH) messages.shift();
    return message;
  }

  /** Frees the name; `false` for one who had not entered. */
  leave(seat: Seat): boolean {
    const room = this.#rooms.get(seat.room);
    if (room === undefined) return false;
    room.seats.delete(keyOf(seat.name));
    if (room.seats.size === 0) this.#rooms.delete(seat.room);
    return room.present.delete(seat);
  }

  /** Who is in a room, in the order they came. */
  names(room: string): readonly string[] {
    return Array.from(this.#rooms.get(room)?.present ?? [], ({ name }) => name);
  }
}

function keyOf(name: string): string {
  return name.toLowerCase();
}
