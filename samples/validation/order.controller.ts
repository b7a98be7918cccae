import { OnMessage, WebSocketRoute } from 'gatewire';
import { Order } from './order.dto.ts';

// client.ts makes one mistake after another; ten of them in a minute would close its connection.
@WebSocketRoute('/orders')
export class OrderController {
  /** Runs for a valid order only; the reply shows what arrived, without the properties no DTO declares. */
  @OnMessage('order')
  order(order: Order) {
    const pieces = order.items.reduce((sum, { quantity }) => sum + quantity, 0);
    return { pieces, order };
  }
}
