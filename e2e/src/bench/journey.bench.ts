// The journey in, as a user waits for it: from the MX's `250` to the sight of it in IMAP.

import nodemailer from 'nodemailer';
import { openImap, waitForMessages } from '../harness/imap-client.js';
import { StrangersServer } from '../harness/outside-world.js';
import { World } from '../harness/world.js';
import { figure, type Figure } from './figure.js';

/** Median size of incoming mail in the predecessor's study: 15 kB. */
const MESSAGE_BYTES = 15_000;
const MESSAGES = 500;
const SESSIONS = 8;
const SINGLES = 40;

export async function benchJourney(progress: (sentence: string) => void): Promise<Figure[]> {
  progress('Starting a provider and a device');
  const world = await World.start();
  try {
    const alice = await world.signUp('alice');
    const imap = await openImap(alice);
    const { mx } = world.provider.ports;
    progress(`Sending ${MESSAGES} messages over ${SESSIONS} sessions`);
    const startMs = performance.now();
    await sendMany(mx, alice.address, MESSAGES);
    const acceptedMs = performance.now();
    await waitForMessages(imap, 'INBOX', MESSAGES);
    const visibleMs = performance.now();
    progress(`Sending ${SINGLES} messages one by one`);
    const delays: number[] = [];
    for (let index = 0; index < SINGLES; index += 1) {
      await sendMany(mx, alice.address, 1);
      const toldAtMs = performance.now();
      await waitForMessages(imap, 'INBOX', MESSAGES + index + 1);
      delays.push(performance.now() - toldAtMs);
    }
    await imap.logout();
    progress('Measuring the floor: a server that accepts and forgets');
    const floor = await acceptAndForget();
    return [
      figure('journey', 'SMTP accept to visible in IMAP, 15 kB', MESSAGES / ((visibleMs - startMs) / 1000), 'messages/s', { floor }),
      figure('journey', 'SMTP accept alone, 15 kB', MESSAGES / ((acceptedMs - startMs) / 1000), 'messages/s', { floor }),
      figure('journey', '250 to IDLE notification, median', quantile(delays, 0.5), 'ms'),
      figure('journey', '250 to IDLE notification, 95 %', quantile(delays, 0.95), 'ms'),
    ];
  } finally {
    await world.stop();
  }
}

async function acceptAndForget(): Promise<number> {
  const server = await StrangersServer.start();
  const startMs = performance.now();
  await sendMany(server.port, 'anybody@example.org', MESSAGES);
  const seconds = (performance.now() - startMs) / 1000;
  await server.close();
  return MESSAGES / seconds;
}

let serial = 0;

/** Sends so many messages of the usual size over a few sessions at once. */
export async function sendMany(port: number, forwardPath: string, count: number): Promise<void> {
  const transport = nodemailer.createTransport({ host: '127.0.0.1', port, pool: true, maxConnections: SESSIONS, maxMessages: Infinity, tls: { rejectUnauthorized: false }, ignoreTLS: true });
  const sent = Array.from({ length: count }, () => transport.sendMail({ envelope: { from: 'bench@example.org', to: forwardPath }, raw: message(forwardPath) }));
  await Promise.all(sent);
  transport.close();
}

function message(forwardPath: string): string {
  serial += 1;
  const line = `${'The quick brown dove carries a letter over the hills. '.slice(0, 70)}\r\n`;
  return `From: bench@example.org\r\nTo: ${forwardPath}\r\nSubject: bench ${serial}\r\nMessage-ID: <bench-${serial}@example.org>\r\n\r\n${line.repeat(Math.ceil(MESSAGE_BYTES / line.length))}`;
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
}
