/** Compares what a connection brings with the bytes it must bring, as they come. */
export class Expectation {
  #expected: Buffer = Buffer.alloc(0);
  #at = 0;

  /** Whether all of it has come. */
  get isMet(): boolean {
    return this.#at === this.#expected.length;
  }

  expect(bytes: Buffer): void {
    this.#expected = bytes;
    this.#at = 0;
  }

  /** @throws Error with both texts at the first byte that differs, or that nobody waits for. */
  take(bytes: Buffer): void {
    const end = this.#at + bytes.length;
    const isRight =
      end <= this.#expected.length && this.#expected.compare(bytes, 0, bytes.length, this.#at, end) === 0;
    if (!isRight) throw new Error(`a wrong reply:\n  ${show(bytes)}\nwhere this was due:\n  ${this.#due}`);
    this.#at = end;
  }

  get #due(): string {
    return this.isMet ? '(nothing)' : show(this.#expected.subarray(this.#at));
  }
}

function show(bytes: Buffer): string {
  return JSON.stringify(bytes.toString('utf8', 0, Math.min(bytes.length, 600)));
}
