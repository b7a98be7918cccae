import { FormatRegistry, Type } from '@sinclair/typebox';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;
FormatRegistry.Set('uuid', text => UUID.test(text));

const Room = Type.String({ pattern: '^[a-z0-9-]{1,32}$' });
const Name = Type.String({ minLength: 1, maxLength: 40 });

export const MessageSchema = Type.Object({
  message: Type.String({ minLength: 1, maxLength: 500 }),
  room: Room,
  seq: Type.Integer({ minimum: 0 }),
  tags: Type.Array(Type.String(), { maxItems: 8 }),
  author: Type.Object({ uuid: Type.String({ format: 'uuid' }), name: Name }),
});

export const JoinSchema = Type.Object({
  room: Room,
  name: Name,
  limit: Type.Integer({ minimum: 1, maximum: 100 }),
});
