// Opens a mail store in a directory, files a message, marks it and lists the inbox.
//
//   node --conditions=paloma-device examples/list-and-append.ts <directory>
//
// The keys here are made from a fixed text so that a second run finds what the first one filed. A real program gets them
// from the account's vault and never has them in its source.

import { createHash, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { StorageKeys } from '@paloma/crypto/secret';
import { openDocumentStore } from '@paloma/document-store';
import { createDocumentMailStore, INBOX_ID, mailProjections, type MailStore } from '@paloma/mail-store';
import { parseAccountId, parseMailAddress, systemClock } from '@paloma/shared-model';

const MESSAGE = [
  'From: Ana <ana@example.org>', 'To: ana@example.org', 'Subject: Note to self', 'Content-Type: text/plain; charset=utf-8', '', 'Water the roses.', '',
].join('\r\n');

const print = (line: string): void => void process.stdout.write(`${line}\n`);

/** Works on any `MailStore`: it knows nothing of where mail is kept. */
async function appendAndList(store: MailStore): Promise<void> {
  store.subscribe(({ mailboxIds }) => print(`changed: ${[...mailboxIds].join(', ')}`));
  const filed = await store.append({ octets: new TextEncoder().encode(MESSAGE), mailboxIds: [INBOX_ID] });
  if (!filed.ok) throw new Error(`the message was refused: ${filed.refusal}`);
  await store.updateEmails([{ emailId: filed.emailId, addKeywords: ['$flagged'] }]);

  const { emailIds, total } = await store.query({ inMailbox: INBOX_ID, text: 'roses' }, [{ property: 'receivedAt', isAscending: false }],
    { position: 0, limit: 10, collapseThreads: false, calculateTotal: true });
  print(`${total} about roses; the newest:`);
  for (const email of await store.getEmails(emailIds)) {
    print(`${new Date(email.receivedAtMs).toISOString()} ${email.sizeBytes} octets [${email.keywords.join(' ')}] ${email.preview}`);
  }
}

const keys = new StorageKeys(new Map([[1, createHash('sha256').update('only for this example').digest()]]));
const accountId = parseAccountId('ExampleAccount00000000');
const documents = openDocumentStore({
  path: join(process.argv[2] ?? '.', 'example-mail.db'), databaseKey: keys.localDatabaseKey(), keys, accountId,
  random: { bytes: randomBytes }, projections: mailProjections,
});
const mailStore = createDocumentMailStore({ store: documents, accountId, address: parseMailAddress('ana@example.org'), clock: systemClock });
try {
  await appendAndList(mailStore);
} finally {
  mailStore.close();
  documents.close();
}
