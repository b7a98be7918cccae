import { type Address, Client } from './client.ts';
import { clientText, readFrame } from './frames.ts';

/** Sends messages one after another and gives what came back for each. */
export async function probe(address: Address, texts: readonly string[]): Promise<string[]> {
  let read = Buffer.alloc(0);
  let arrived = Promise.withResolvers<string>();
  const client = await Client.open(address, {
    bytes(bytes) {
      read = Buffer.concat([read, bytes]);
      const frame = readFrame(read);
      if (frame !== undefined) arrived.resolve(frame.text);
    },
    ended: () => arrived.reject(new Error('the server hung up')),
  });
  const replies: string[] = [];
  for (const text of texts) {
    read = Buffer.alloc(0);
    arrived = Promise.withResolvers();
    client.write(clientText(text));
    replies.push(await arrived.promise);
  }
  client.terminate();
  return replies;
}
