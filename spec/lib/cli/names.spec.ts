import { describe, expect, it } from 'vitest';
import { nameOf, singular } from '../../../lib/cli/names.ts';

describe('nameOf', () => {
  it.each(['chat-room', 'ChatRoom', 'chatRoom', 'chat_room', 'chat room'])('reads %s', text => {
    expect(nameOf(text)).toEqual({ kebab: 'chat-room', pascal: 'ChatRoom', camel: 'chatRoom' });
  });

  it.each(['', '1st', 'räume', 'a/b', '..', '$x'])('refuses %j', text => {
    expect(() => nameOf(text)).toThrow('the name must be letters, digits and dashes');
  });
});

describe('singular', () => {
  it.each([
    ['rooms', 'room'],
    ['chat-rooms', 'chat-room'],
    ['categories', 'category'],
    ['boxes', 'box'],
    ['matches', 'match'],
    ['classes', 'class'],
    ['houses', 'house'],
    ['statuses', 'status'],
    ['movies', 'movie'],
    ['people', 'person'],
    ['status', 'status'],
    ['class', 'class'],
    ['analysis', 'analysis'],
    ['chat', 'chat'],
    ['ties', 'tie'],
  ])('of %s is %s', (many, one) => {
    expect(singular(nameOf(many)).kebab).toBe(one);
  });
});
