// A DNS server on loopback that knows what a test tells it. Everything else does not exist.

import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { AUTHENTIC_DATA, AUTHORITATIVE_ANSWER, decode, encode, type Answer, type Question } from 'dns-packet';

/** Values by `name/TYPE`, in presentation form (RFC 1035 §5.1); the text of TXT in one piece, unquoted. Changes count at once. */
export type Zone = Record<string, string[]>;

export interface NameServer {
  /** `address:port`, UDP. */
  address: string;
  /** What was asked, as in a Zone. */
  asked: string[];
  /** Names, in lower case, to which the server only says that it failed. */
  failing: Set<string>;
  /** Names, in lower case, of which the server says that it has proven the answer by DNSSEC, as a validating resolver does. */
  proven: Set<string>;
  stop(): Promise<void>;
}

/** RFC 1035 §4.1.1. */
const SERVFAIL = 2;
const NXDOMAIN = 3;
const TXT_STRING_CHARS = 255;
const MX_PRIORITY = 10;

/** The caller stops it. */
export async function startNameServer(zone: Zone): Promise<NameServer> {
  const asked: string[] = [];
  const failing = new Set<string>();
  const proven = new Set<string>();
  const socket = createSocket('udp4');
  socket.on('message', (message, { port, address }) => {
    const { id = 0, questions = [] } = decode(message);
    asked.push(...questions.map(keyOf));
    const names = questions.map(({ name }) => name.toLowerCase());
    const isKnown = names.some((name) => Object.keys(zone).some((key) => key.startsWith(`${name}/`)));
    const code = names.some((name) => failing.has(name)) ? SERVFAIL : isKnown ? 0 : NXDOMAIN;
    const answers = code !== 0 ? [] : questions.flatMap((question) => (zone[keyOf(question)] ?? []).map((value) => answerOf(question, value)));
    const verdict = names.every((name) => proven.has(name)) ? AUTHENTIC_DATA : 0;
    socket.send(encode({ type: 'response', id, flags: AUTHORITATIVE_ANSWER | verdict | code, questions, answers }), port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return { address: `127.0.0.1:${socket.address().port}`, asked, failing, proven, stop: () => new Promise((resolve) => { socket.close(resolve); }) };
}

function keyOf({ name, type }: Question): string {
  return `${name.toLowerCase()}/${type}`;
}

function answerOf({ name, type }: Question, value: string): Answer {
  return { name, type, class: 'IN', ttl: 60, data: dataOf(type, value) } as Answer;
}

function dataOf(type: Question['type'], value: string): unknown {
  const words = value.split(' ');
  const last = (words.at(-1) ?? '').replace(/\.$/, '');
  const [first = 0, second = 0, third = 0] = words.map(Number);
  switch (type) {
    case 'TXT': return value.match(new RegExp(`[^]{1,${TXT_STRING_CHARS}}`, 'g')) ?? [''];
    case 'MX': return { preference: words.length > 1 ? first : MX_PRIORITY, exchange: last };
    case 'SRV': return { priority: first, weight: second, port: third, target: last };
    case 'TLSA': return { usage: first, selector: second, matchingType: third, certificate: Buffer.from(last, 'hex') };
    default: return type === 'A' || type === 'AAAA' ? value : last;
  }
}
