import { createApplication, Module } from 'gatewire';
import { AuctionController } from './auction.controller.ts';
import { Bids } from './bids.ts';

@Module({ controllers: [AuctionController], providers: [Bids] })
class AppModule {}

const app = await createApplication(AppModule, {
  // Only the inside of the network reads them; see docs/metrics.md.
  metrics: true,
  health: { ready: self => self.get(Bids).isOpen },
});
await app.listen(Number(process.env.PORT ?? 3000));
console.log(`Bids go to ${app.url}/auction, numbers are at ${app.url}/metrics`);
