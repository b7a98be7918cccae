import { type Address, Client, type Reader } from './client.ts';

const AT_A_TIME = 64;

const READER: Reader = {
  bytes() {},
  ended() {
    throw new Error('the server hung up on an idle connection');
  },
};

/** Opens connections that do nothing. */
export async function gather(address: Address, size: number): Promise<readonly Client[]> {
  const clients: Client[] = [];
  while (clients.length < size) {
    const more = Math.min(AT_A_TIME, size - clients.length);
    clients.push(...(await Promise.all(Array.from({ length: more }, () => Client.open(address, READER)))));
  }
  return clients;
}
