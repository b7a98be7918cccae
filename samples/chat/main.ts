import { createApplication } from 'gatewire';
import { ChatModule } from './chat.module.ts';
import { ChatService } from './chat.service.ts';

const page = Bun.file(new URL('page.html', import.meta.url));

const app = await createApplication(ChatModule, {
  routes: app => ({
    '/': new Response(page),
    // Who is in a room, for those who are about to join it.
    '/rooms/:room': ({ params }) => Response.json({ names: app.get(ChatService).names(params.room) }),
  }),
});
await app.listen(Number(process.env.PORT ?? 3000));
console.log(`Chat is at ${app.url}`);
