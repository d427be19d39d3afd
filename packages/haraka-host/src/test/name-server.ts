// A DNS server on loopback that knows what a test tells it. Everything else does not exist.

import { createServer, Packet, type Resource } from 'dns2';

/** By `name/TYPE`: A and AAAA addresses, TXT texts, PTR names, MX hosts. */
export type Zone = Record<string, string[]>;

export interface NameServer {
  /** For `dnsServers`. */
  address: string;
  /** What was asked, as in a Zone. */
  asked: string[];
  stop(): Promise<void>;
}

const TYPES = new Map<number, string>(Object.entries(Packet.TYPE).map(([name, number]) => [number, name]));

export async function startNameServer(zone: Zone): Promise<NameServer> {
  const asked: string[] = [];
  const server = createServer({
    udp: true,
    handle: (request, send) => {
      const response = Packet.createResponseFromRequest(request);
      for (const { name, type } of request.questions) {
        const question = `${name.toLowerCase()}/${TYPES.get(type ?? 0)}`;
        asked.push(question);
        for (const value of zone[question] ?? []) response.answers.push(recordOf(name, type ?? 0, value));
      }
      const isKnown = request.questions.some(({ name }) => Object.keys(zone).some((key) => key.startsWith(`${name.toLowerCase()}/`)));
      if (!isKnown) response.header.rcode = Packet.RCODE.NXDOMAIN;
      void send(response);
    },
  });
  const { udp } = await server.listen({ udp: { port: 0, address: '127.0.0.1' } });
  return { address: `127.0.0.1:${(udp as { port: number }).port}`, asked, stop: async () => void (await server.close()) };
}

function recordOf(name: string, type: number, value: string): Resource {
  const data = type === Packet.TYPE.TXT ? { data: value } : type === Packet.TYPE.PTR ? { domain: value } : type === Packet.TYPE.MX ? { exchange: value, priority: 10 } : { address: value };
  return { name, type, class: Packet.CLASS.IN, ttl: 60, ...data } as Resource;
}
