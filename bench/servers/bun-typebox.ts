import { TypeCompiler } from '@sinclair/typebox/compiler';
import { serveBun, serveUpgrades } from './bun-serve.ts';
import { greeting, type Join, refusal } from './checks.ts';
import { serve } from './serve.ts';
import { JoinSchema, MessageSchema } from './typebox-schemas.ts';

const message = TypeCompiler.Compile(MessageSchema);
const join = TypeCompiler.Compile(JoinSchema);

await serve({
  validated: () =>
    serveBun({
      message(socket, text) {
        const value: unknown = JSON.parse(text as string);
        socket.sendText(message.Check(value) ? JSON.stringify(value) : refusal(explain(value)));
      },
    }),

  upgrade: () =>
    serveUpgrades<Join>(
      request => {
        const query = new URLSearchParams(request.url.slice(request.url.indexOf('?') + 1));
        const { limit, ...rest } = Object.fromEntries(query);
        const value = { ...rest, limit: Number(limit) };
        return join.Check(value) ? value : undefined;
      },
      { open: socket => void socket.sendText(greeting(socket.data)), message() {} },
    ),
});

function explain(value: unknown): object[] {
  return [...message.Errors(value)].map(({ path, message }) => ({ path, message }));
}
