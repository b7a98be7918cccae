import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** A TCP proxy that loses connections when it is told to. */
export class LossyProxy implements AsyncDisposable {
  readonly url: string;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #isHolding = false;
  #isCut = false;

  private constructor(server: Server, target: URL) {
    this.#server = server;
    this.url = `http://localhost:${(server.address() as AddressInfo).port}`;
    server.on('connection', client => this.#accept(client, target));
  }

  /** Listens on a free port, and passes on to this URL. */
  static async to(url: string): Promise<LossyProxy> {
    const server = createServer();
    server.listen(0, 'localhost');
    await once(server, 'listening');
    return new LossyProxy(server, new URL(url));
  }

  /** Lets what clients send through, but nothing of what is sent to them. */
  hold(): void {
    this.#isHolding = true;
  }

  /** Cuts every connection; new ones are cut at once. */
  cut(): void {
    this.#isCut = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Works again. */
  mend(): void {
    this.#isHolding = false;
    this.#isCut = false;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut();
    this.#server.close();
  }

  #accept(client: Socket, { hostname, port }: URL): void {
    if (this.#isCut) return void client.destroy();
    const server = connect(Number(port), hostname);
    for (const [socket, other] of [
      [client, server],
      [server, client],
    ] as const) {
      this.#sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        this.#sockets.delete(socket);
        other.destroy();
      });
    }
    client.on('data', data => server.write(data));
    server.on('data', data => {
      if (!this.#isHolding) client.write(data);
    });
  }
}
