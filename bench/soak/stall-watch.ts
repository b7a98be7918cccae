const EVERY = 50;

/** How long the event loop of this process stood still: by its own doing, or because the machine was busy. */
export class StallWatch {
  #longest = 0;
  #last = performance.now();

  constructor() {
    setInterval(() => this.#look(), EVERY).unref();
  }

  /** The longest time until now, in milliseconds. */
  get longest(): number {
    this.#look();
    return this.#longest;
  }

  #look(): void {
    const now = performance.now();
    this.#longest = Math.max(this.#longest, now - this.#last - EVERY);
    this.#last = now;
  }
}
