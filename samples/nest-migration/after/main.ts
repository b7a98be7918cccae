import { createApplication } from 'gatewire';
import { ChatModule } from './chat.module.ts';

const app = await createApplication(ChatModule);
await app.listen(Number(process.env.PORT ?? 3000));
console.log(`Chat is at ${app.url}`);
