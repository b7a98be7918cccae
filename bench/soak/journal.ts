import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';

const NUMBERS = 8_192;

/** What happened to which connection, in order: pairs of numbers in a file, so that they cost no memory. */
export class Journal {
  readonly #file: number;
  readonly #buffer = new Uint32Array(NUMBERS);
  #used = 0;

  constructor(path: string) {
    this.#file = openSync(path, 'w');
  }

  add(connection: number, command: number): void {
    this.#buffer[this.#used++] = connection;
    this.#buffer[this.#used++] = command;
    if (this.#used === NUMBERS) this.flush();
  }

  flush(): void {
    writeSync(this.#file, new Uint8Array(this.#buffer.buffer, 0, this.#used * 4));
    this.#used = 0;
  }

  close(): void {
    this.flush();
    closeSync(this.#file);
  }
}

/** The commands of each connection, in the order in which they were written. */
export function readJournal(path: string): Map<number, number[]> {
  const bytes = readFileSync(path);
  const numbers = new Uint32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  const commands = new Map<number, number[]>();
  for (let at = 0; at + 1 < numbers.length; at += 2) {
    const connection = numbers[at] as number;
    const known = commands.get(connection);
    if (known === undefined) commands.set(connection, [numbers[at + 1] as number]);
    else known.push(numbers[at + 1] as number);
  }
  return commands;
}
