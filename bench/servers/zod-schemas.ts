import { z } from 'zod';

const Room = z.string().regex(/^[a-z0-9-]{1,32}$/);
const Name = z.string().min(1).max(40);

export const MessageSchema = z.object({
  message: z.string().min(1).max(500),
  room: Room,
  seq: z.number().int().min(0),
  tags: z.array(z.string()).max(8),
  author: z.object({ uuid: z.uuid(), name: Name }),
});

export const JoinSchema = z.object({
  room: Room,
  name: Name,
  limit: z.coerce.number().int().min(1).max(100),
});
