import { type ClassConstructor, plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { serveBun, serveUpgrades } from './bun-serve.ts';
import { greeting, refusal } from './checks.ts';
import { JoinDto, MessageDto } from './dto.ts';
import { serve } from './serve.ts';

await serve({
  validated: () =>
    serveBun({
      message(socket, text) {
        const { instance, errors } = read(MessageDto, JSON.parse(text as string));
        socket.sendText(errors.length > 0 ? refusal(errors) : JSON.stringify(instance));
      },
    }),

  upgrade: () =>
    serveUpgrades<JoinDto>(
      request => {
        const query = new URLSearchParams(request.url.slice(request.url.indexOf('?') + 1));
        const { instance, errors } = read(JoinDto, Object.fromEntries(query));
        return errors.length > 0 ? undefined : instance;
      },
      { open: socket => void socket.sendText(greeting(socket.data)), message() {} },
    ),
});

function read<Dto extends object>(type: ClassConstructor<Dto>, value: unknown) {
  const instance = plainToInstance(type, value);
  const errors = validateSync(instance, {
    whitelist: true,
    forbidUnknownValues: true,
    validationError: { target: false, value: false },
  });
  return { instance, errors };
}
