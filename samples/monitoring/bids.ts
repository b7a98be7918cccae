import { type Counter, type Histogram, Injectable, Metrics } from 'gatewire';

/** The bids of an auction, and its numbers beside those of the server. */
@Injectable()
export class Bids {
  isOpen = true;
  #highest = 0;
  readonly #taken: Counter;
  readonly #tooLow: Counter;
  readonly #raises: Histogram;

  constructor(metrics: Metrics) {
    const bids = metrics.counter({
      name: 'auction_bids_total',
      help: 'Bids, by what became of them',
      labelNames: ['outcome'],
    });
    // Looked up once: that costs more than counting.
    this.#taken = bids.labels({ outcome: 'taken' });
    this.#tooLow = bids.labels({ outcome: 'too_low' });
    this.#raises = metrics.histogram({
      name: 'auction_raise_euros',
      help: 'By how much bids are above the one before',
      buckets: [1, 10, 100, 1000],
    });
    const highest = () => this.#highest;
    metrics.gauge({
      name: 'auction_highest_bid_euros',
      help: 'The highest bid',
      collect() {
        this.set(highest());
      },
    });
  }

  /** Takes a bid, or says that it is too low. */
  place(euros: number): boolean {
    if (euros <= this.#highest) {
      this.#tooLow.inc();
      return false;
    }
    this.#taken.inc();
    this.#raises.observe(euros - this.#highest);
    this.#highest = euros;
    return true;
  }
}
