/** A reply under another event's name, made by `event()`. */
export class EventReply {
  constructor(
    readonly event: string,
    readonly data: unknown,
  ) {}
}

/**
 * Answers under the name of another event: `return event('joined', { name })`.
 *
 * A message with an id is answered by its id all the same, with this data.
 */
export function event(name: string, data?: unknown): EventReply {
  return new EventReply(name, data);
}
