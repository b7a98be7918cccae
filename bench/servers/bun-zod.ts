import { serveBun, serveUpgrades } from './bun-serve.ts';
import { greeting, type Join, refusal } from './checks.ts';
import { serve } from './serve.ts';
import { JoinSchema, MessageSchema } from './zod-schemas.ts';

await serve({
  validated: () =>
    serveBun({
      message(socket, text) {
        const { success, data, error } = MessageSchema.safeParse(JSON.parse(text as string));
        socket.sendText(success ? JSON.stringify(data) : refusal(error.issues));
      },
    }),

  upgrade: () =>
    serveUpgrades<Join>(
      request => {
        const query = new URLSearchParams(request.url.slice(request.url.indexOf('?') + 1));
        return JoinSchema.safeParse(Object.fromEntries(query)).data;
      },
      { open: socket => void socket.sendText(greeting(socket.data)), message() {} },
    ),
});
