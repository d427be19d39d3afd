// Questions to a validating resolver, with its verdict: the AD bit (RFC 4035 §3.2.3), which node:dns does not tell. The bit is worth as
// much as the way to the resolver, hence only resolvers on loopback are asked.

import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { connect, isIPv6 } from 'node:net';
import { AUTHENTIC_DATA, decode, encode, RECURSION_DESIRED, streamDecode, streamEncode, type Answer, type DecodedPacket, type Packet } from 'dns-packet';
import { isLoopback } from '@paloma/provider-runtime';

export type ValidatedType = 'A' | 'AAAA' | 'MX' | 'TLSA';

export type ValidatedAnswer =
  /** Proven, as may be that there is nothing. */
  | { kind: 'secure'; answers: readonly Answer[] }
  /** The zone is not signed. */
  | { kind: 'insecure' }
  /** Nobody answered, or what was answered is forged: a validating resolver makes no difference. */
  | { kind: 'outage' };

export type DnssecLookup = (name: string, type: ValidatedType) => Promise<ValidatedAnswer>;

const DNS_PORT = 53;
const QUERY_TIMEOUT_MS = 5_000;
const QUERY_TRIES = 2;
/** What a datagram may carry without being cut on the way; longer answers come over TCP. */
const UDP_PAYLOAD_BYTES = 1232;
const MAX_ID = 0x1_0000;

interface ServerAddress {
  address: string;
  port: number;
}

/** `servers`: `address` or `address:port`. null: one of them is not on loopback, or there is none; then nothing counts as proven. */
export function dnssecLookup(servers: readonly string[]): DnssecLookup | null {
  const addresses = servers.map(parseServer);
  const [first] = addresses;
  if (first === undefined || !addresses.every(({ address }) => isLoopback(address))) return null;
  return async (name, type) => {
    for (let tries = 0; tries < QUERY_TRIES; tries++) {
      const response = await ask(addresses[tries % addresses.length] ?? first, name, type).catch(() => null);
      if (response !== null) return verdictOf(response);
    }
    return { kind: 'outage' };
  };
}

function verdictOf(response: DecodedPacket): ValidatedAnswer {
  // dns-packet gives the code of the reply (RFC 1035 §4.1.1) by name, which its types do not know.
  const { rcode } = response as DecodedPacket & { rcode?: string };
  if (rcode !== 'NOERROR' && rcode !== 'NXDOMAIN') return { kind: 'outage' };
  return response.flag_ad ? { kind: 'secure', answers: response.answers ?? [] } : { kind: 'insecure' };
}

async function ask(server: ServerAddress, name: string, type: ValidatedType): Promise<DecodedPacket> {
  const query: Packet = {
    type: 'query', id: randomInt(MAX_ID), flags: RECURSION_DESIRED | AUTHENTIC_DATA,   // AD in a question asks for AD in the answer, RFC 6840 §5.7
    questions: [{ type, name, class: 'IN' }],
    additionals: [{ type: 'OPT', name: '.', udpPayloadSize: UDP_PAYLOAD_BYTES, extendedRcode: 0, ednsVersion: 0, flags: 0, flag_do: false, options: [] }],
  };
  const response = await askOverUdp(server, query);
  return response.flag_tc ? askOverTcp(server, query) : response;
}

function askOverUdp({ address, port }: ServerAddress, query: Packet): Promise<DecodedPacket> {
  const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4');
  return new Promise<DecodedPacket>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('no answer')), QUERY_TIMEOUT_MS);
    socket.once('close', () => clearTimeout(timer)).once('error', reject);
    socket.on('message', (octets) => settle(() => decode(octets), query, resolve, reject));
    socket.connect(port, address, () => socket.send(encode(query)));
  }).finally(() => socket.close());
}

function askOverTcp({ address, port }: ServerAddress, query: Packet): Promise<DecodedPacket> {
  const socket = connect({ port, host: address, timeout: QUERY_TIMEOUT_MS });
  return new Promise<DecodedPacket>((resolve, reject) => {
    let received = Buffer.alloc(0);
    socket.once('timeout', () => reject(new Error('no answer'))).once('error', reject).once('end', () => reject(new Error('cut short')));
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      const isWhole = received.length >= 2 && received.length >= 2 + received.readUInt16BE(0);   // RFC 1035 §4.2.2
      if (isWhole) settle(() => streamDecode(received) as DecodedPacket, query, resolve, reject);
    });
    socket.write(streamEncode(query));
  }).finally(() => socket.destroy());
}

function settle(read: () => DecodedPacket, query: Packet, resolve: (response: DecodedPacket) => void, reject: (error: unknown) => void): void {
  try {
    const response = read();
    if (response.id === query.id) resolve(response);
  } catch (error) {
    reject(error);
  }
}

function parseServer(text: string): ServerAddress {
  const [, bracketed, plain = '', port] = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d+))?$/.exec(text) ?? [];
  return { address: bracketed ?? plain, port: Number(port ?? DNS_PORT) };
}
