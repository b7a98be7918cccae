import { IsPositive } from 'class-validator';
import { OnMessage, WebSocketRoute } from 'gatewire';
import { Bids } from './bids.ts';

class Bid {
  @IsPositive()
  euros!: number;
}

@WebSocketRoute('/auction')
export class AuctionController {
  constructor(private readonly bids: Bids) {}

  @OnMessage('bid')
  bid({ euros }: Bid) {
    return this.bids.place(euros);
  }

  /** The hammer falls: the process is taken out of the rotation, and those who are here stay. */
  @OnMessage('close')
  close() {
    this.bids.isOpen = false;
  }
}
