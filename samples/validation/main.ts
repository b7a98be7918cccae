import { createApplication, Module } from 'gatewire';
import { OrderController } from './order.controller.ts';

@Module({ controllers: [OrderController] })
class AppModule {}

const app = await createApplication(AppModule);
await app.listen(Number(process.env.PORT ?? 3000));
console.log(`Orders are taken at ${app.url}/orders
See what a client is told for each mistake: bun client.ts ${app.url}`);
