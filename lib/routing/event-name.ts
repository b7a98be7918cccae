/** Characters of the longest event: a handler's name is refused at start, an envelope is a bad frame. */
export const MAX_EVENT_LENGTH = 128;
