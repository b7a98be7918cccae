import { createApplication } from 'gatewire';
import { ChatModule, TicketOffice } from './chat.ts';

const app = await createApplication(ChatModule, {
  routes: app => ({
    '/tickets': { POST: () => Response.json({ ticket: app.get(TicketOffice).sell() }) },
  }),
});
await app.listen(Number(process.env.PORT ?? 3000));
console.log(`Tickets are sold at ${app.url}/tickets`);
