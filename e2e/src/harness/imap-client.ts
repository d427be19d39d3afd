import { ImapFlow } from 'imapflow';
import type { UserDevice } from './world.js';

/** A foreign IMAP client, logged in with the mail-app password. */
export async function openImap(user: UserDevice): Promise<ImapFlow> {
  const client = new ImapFlow({
    host: '127.0.0.1', port: user.device.ports.imap, secure: false, doSTARTTLS: false, logger: false,
    auth: { user: user.address, pass: user.mailAppPassword },
  });
  await client.connect();
  return client;
}

/** Waits, by IDLE and not by asking again and again, until a mailbox holds `count` messages. */
export async function waitForMessages(client: ImapFlow, mailbox: string, count: number): Promise<void> {
  const lock = await client.getMailboxLock(mailbox);
  try {
    while ((client.mailbox ? client.mailbox.exists : 0) < count) {
      await new Promise<void>((resolve, reject) => {
        const giveUp = (): void => reject(new Error('the IMAP connection broke'));
        client.once('close', giveUp).once('exists', () => { client.off('close', giveUp); resolve(); });
        void client.idle();
      });
    }
  } finally {
    lock.release();
  }
}

export interface FetchedMessage {
  uid: number;
  source: Buffer;
  flags: Set<string>;
}

/** All messages of a mailbox with their exact octets. */
export async function fetchAll(client: ImapFlow, mailbox: string): Promise<FetchedMessage[]> {
  const lock = await client.getMailboxLock(mailbox);
  try {
    const fetched: FetchedMessage[] = [];
    if (!client.mailbox || client.mailbox.exists === 0) return fetched;   // RFC 9051 §9 (seq-number): `*` of an empty mailbox is an error
    for await (const message of client.fetch('1:*', { uid: true, source: true, flags: true })) {
      fetched.push({ uid: message.uid, source: message.source!, flags: message.flags ?? new Set() });
    }
    return fetched;
  } finally {
    lock.release();
  }
}

/** Waits until the server says by itself that a message carries a flag. */
export async function waitForFlag(client: ImapFlow, mailbox: string, sequenceNumber: number, flag: string): Promise<void> {
  const lock = await client.getMailboxLock(mailbox);
  try {
    const message = await client.fetchOne(String(sequenceNumber), { flags: true });
    if (message && message.flags?.has(flag)) return;
    await new Promise<void>((resolve) => {
      client.on('flags', ({ seq, flags }: { seq: number; flags?: Set<string> }) => { if (seq === sequenceNumber && flags?.has(flag)) resolve(); });
      void client.idle();
    });
  } finally {
    lock.release();
  }
}
