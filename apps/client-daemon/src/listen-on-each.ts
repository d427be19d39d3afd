// One port on several addresses: `localhost` may mean 127.0.0.1 or ::1, and another user of this machine must not be able to stand
// where a program of ours is expected.

const NOT_HERE = new Set(['EADDRNOTAVAIL', 'EAFNOSUPPORT']);

/** The port that is listened on; 0 takes one that is free on the first address. An address that the machine lacks is passed over unless it is the first. */
export async function listenOnEach(hosts: readonly string[], port: number, listen: (host: string, port: number) => Promise<number>): Promise<number> {
  const [first, ...others] = hosts;
  const taken = await listen(first!, port);
  for (const host of others) {
    await listen(host, taken).catch((error: NodeJS.ErrnoException) => {
      if (!NOT_HERE.has(error.code ?? '')) throw error;
    });
  }
  return taken;
}
