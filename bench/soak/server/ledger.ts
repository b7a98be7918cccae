import { Injectable } from 'gatewire';
import { Journal } from '../journal.ts';

/** Where commands have their effect. */
@Injectable()
export class Ledger {
  #journal: Journal | null = null;

  open(path: string): void {
    this.#journal = new Journal(path);
  }

  record(connection: number, command: number): void {
    this.#journal?.add(connection, command);
  }

  close(): void {
    this.#journal?.close();
    this.#journal = null;
  }
}
