// Fills an account with the summaries of much mail, through a real store and a real sync, in a process of its own. Bodies and
// attachments are described and not there: only how they are listed is of interest.

import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AccountVault, HttpsSyncTransport, openDocumentStore, ProviderConnection, SyncEngine, type LocalDocumentStore } from '@paloma/document-store';
import { parseMailAddress, Redacted, systemClock, type MessageDocument } from '@paloma/shared-model';
import { describedMessage } from './described-message.js';

export interface FillRequest {
  apiUrl: string;
  authorityFile: string;
  address: string;
  passphrase: string;
  directory: string;
  messages: number;
}
export interface FillAnswer {
  /** Sum of the sizes of the messages described. */
  describedBytes: number;
}

/** Messages of one transaction and of one sync: bounds what waits in memory and in the write-ahead log. */
const TRANSACTION_MESSAGES = 1_000;
const MINUTE_MS = 60_000;

const random = { bytes: (count: number) => new Uint8Array(randomBytes(count)) };

async function fill({ apiUrl, authorityFile, address, passphrase, directory, messages }: FillRequest): Promise<FillAnswer> {
  mkdirSync(directory, { recursive: true });
  const connection = new ProviderConnection({ apiUrl, certificateAuthorities: readFileSync(authorityFile, 'utf8') });
  const vault = new AccountVault({ secretsPath: join(directory, 'secrets.json'), random });
  const outcome = await vault.signIn(connection, { address: parseMailAddress(address), passphrase: new Redacted(passphrase) });
  if (!outcome.ok) throw new Error(`the sign-in was refused: ${outcome.refusal}`);
  const { accountId, keys, replicaUid, token } = outcome.account;
  const store = openDocumentStore({ path: join(directory, 'store.db'), databaseKey: keys.localDatabaseKey(), keys, accountId, replicaUid, random });
  const engine = new SyncEngine({ store, transport: new HttpsSyncTransport(connection.withSession(token)), clock: systemClock, random });
  let describedBytes = 0;
  for (let first = 0; first < messages; first += TRANSACTION_MESSAGES) {
    describedBytes += describe(store, first, Math.min(first + TRANSACTION_MESSAGES, messages), messages);
    const { failure } = await engine.sync();
    if (failure) throw new Error(`the sync failed: ${failure.code}`);
  }
  store.close();
  await connection.close();
  return { describedBytes };
}

/** Messages one minute apart, the last one now. */
function describe(store: LocalDocumentStore, from: number, to: number, total: number): number {
  const startMs = Date.now() - total * MINUTE_MS;
  return store.transact((transaction) => {
    let describedBytes = 0;
    for (let number = from; number < to; number += 1) {
      const receivedAtMs = startMs + number * MINUTE_MS;
      const message: MessageDocument = describedMessage(number, receivedAtMs);
      const emailId = `E${message.messageId.slice(1)}`;
      const clock = transaction.nextMarkClock();
      transaction.put('message', message.messageId, message);
      transaction.put('email', emailId, {
        emailId, messageId: message.messageId, receivedAtMs,
        keywords: number % 3 === 0 ? {} : { $seen: { isSet: true, clock } },
        mailboxes: { inbox: { isMember: true, isDeleted: false, addedAtMs: receivedAtMs, clock } },
      });
      describedBytes += message.sizeBytes;
    }
    return describedBytes;
  });
}

process.once('message', (request: FillRequest) => {
  void fill(request).then((answer) => process.send!(answer, undefined, undefined, () => process.disconnect()));
});
