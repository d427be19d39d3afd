import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A TCP port behind which one server can take the place of another, as behind a load balancer. */
export class Switch {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #targetPort: number;

  private constructor(targetPort: number) {
    this.#targetPort = targetPort;
    this.#server = createServer((near) => this.#join(near, connect(this.#targetPort, '127.0.0.1')));
  }

  static start(targetPort: number): Promise<Switch> {
    const made = new Switch(targetPort);
    return new Promise((resolve) => made.#server.listen(0, '127.0.0.1', () => resolve(made)));
  }

  get url(): string {
    return `https://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** From now on connections go there; those that are open are cut. */
  turnTo(targetPort: number): void {
    this.#targetPort = targetPort;
    for (const socket of this.#sockets) socket.destroy();
  }

  async close(): Promise<void> {
    this.turnTo(0);
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #join(near: Socket, far: Socket): void {
    for (const [from, to] of [[near, far], [far, near]] as const) {
      this.#sockets.add(from);
      from.on('error', () => to.destroy());
      from.on('close', () => { this.#sockets.delete(from); to.destroy(); });
      from.pipe(to);
    }
  }
}
