// Two devices of one account share notes: no mail, a document type of this program's own, and a provider that can read none of it.
//
//   node --conditions=paloma-device examples/shared-notes.ts <directory>
//   PASSPHRASE=… node --conditions=paloma-device examples/shared-notes.ts <directory> <provider URL> <address>
//
// Without a provider's URL the provider is one in memory. With one, the account is made there if it is not there yet; a provider with a
// certificate authority of its own needs NODE_EXTRA_CA_CERTS. Each run makes two new stores in the directory.

import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { systemRandom } from '@paloma/crypto/public';
import { StorageKeys, createStorageRoots } from '@paloma/crypto/secret';
import {
  AccountVault, HttpsSyncTransport, MemoryProvider, ProviderConnection, SyncEngine, newReplicaUid, openDocumentStore,
  type LocalDocumentStore, type Mergers, type SyncTransport,
} from '@paloma/document-store';
import { DOCUMENT_CLASSES, Redacted, defineDocumentType, parseAccountId, parseMailAddress, systemClock, type AccountId, type ReplicaUid } from '@paloma/shared-model';
import { z } from 'zod';

const note = z.object({ title: z.string(), lines: z.array(z.string()) });
type Note = z.infer<typeof note>;

declare module '@paloma/shared-model' {
  interface ApplicationDocuments {
    note: Note;
  }
}

defineDocumentType('note', { schema: note, schemaVersion: 1, documentClass: DOCUMENT_CLASSES.account, isImmutable: false });

/** Two devices changed a note without knowing of each other: every line of both, in an order that does not depend on who asks. */
const mergers: Mergers = {
  note: (local, received) => ({
    title: local.title > received.title ? local.title : received.title,
    lines: [...new Set([...local.lines, ...received.lines])].sort(),
  }),
};

/** What a device gets by signing in. */
interface SignedIn {
  accountId: AccountId;
  keys: StorageKeys;
  replicaUid: ReplicaUid;
  transport: SyncTransport;
}

/** Signs in one device, whose own files are in `directory`. */
type SignIn = (directory: string) => Promise<SignedIn>;

const print = (line: string): void => void process.stdout.write(`${line}\n`);

class Notebook {
  readonly name: string;
  readonly #store: LocalDocumentStore;
  readonly #engine: SyncEngine;

  constructor(name: string, directory: string, { accountId, keys, replicaUid, transport }: SignedIn) {
    this.name = name;
    this.#store = openDocumentStore({ path: join(directory, 'notes.db'), databaseKey: keys.localDatabaseKey(), keys, accountId, replicaUid, random: systemRandom });
    this.#engine = new SyncEngine({ store: this.#store, transport, mergers, clock: systemClock, random: systemRandom });
  }

  write(id: string, content: Note): void {
    this.#store.transact((transaction) => transaction.put('note', id, content));
  }

  async sync(): Promise<void> {
    const { pulled, pushed, merged, setAside, failure } = await this.#engine.sync();
    if (failure) throw new Error(`${this.name} could not sync: ${failure.code}`);
    print(`${this.name}: ${pulled} received, ${pushed} sent, ${merged} merged, ${setAside} not accepted`);
  }

  show(): void {
    for (const { content: { title, lines } } of this.#store.list('note')) print(`${this.name} has ${title}: ${lines.join(', ')}`);
  }

  async close(): Promise<void> {
    await this.#engine.stop();
    this.#store.close();
  }
}

/** A provider in this process. The keys, which a real account keeps in its vault, are handed from one device to the other here. */
function inMemory(): SignIn {
  const accountId = parseAccountId('ExampleAccount00000000');
  const roots = createStorageRoots(systemRandom);
  const transport = new MemoryProvider({ accountId, random: systemRandom });
  return async () => ({ accountId, keys: new StorageKeys(roots), replicaUid: newReplicaUid(systemRandom), transport });
}

/** All that a device needs is the address and the passphrase: the keys are in the account's vault, which only they open. */
function at(connection: ProviderConnection, address: string, passphrase: string): SignIn {
  const credentials = { address: parseMailAddress(address), passphrase: new Redacted(passphrase) };
  return async (directory) => {
    const vault = new AccountVault({ secretsPath: join(directory, 'secrets.json'), random: systemRandom });
    const signedUp = await vault.signUp(connection, credentials);
    const outcome = !signedUp.ok && signedUp.refusal === 'addressTaken' ? await vault.signIn(connection, credentials) : signedUp;
    if (!outcome.ok) throw new Error(`the provider refused: ${outcome.refusal}`);
    return { ...outcome.account, transport: new HttpsSyncTransport(connection.withSession(outcome.account.token)) };
  };
}

async function shareNotes(directory: string, signIn: SignIn): Promise<void> {
  const [laptop, phone] = await Promise.all(['laptop', 'phone'].map(async (name) => {
    const own = await mkdtemp(join(directory, `${name}-`));
    return new Notebook(name, own, await signIn(own));
  })) as [Notebook, Notebook];
  try {
    laptop.write('shopping', { title: 'Shopping', lines: ['bread'] });
    laptop.write('garden', { title: 'Garden', lines: ['water the roses'] });
    await laptop.sync();
    await phone.sync();
    phone.show();

    print('both add to one note without knowing of each other');
    laptop.write('shopping', { title: 'Shopping', lines: ['bread', 'milk'] });
    phone.write('shopping', { title: 'Shopping', lines: ['apples', 'bread'] });
    for (const notebook of [laptop, phone, laptop]) await notebook.sync();
    laptop.show();
    phone.show();
  } finally {
    await Promise.all([laptop.close(), phone.close()]);
  }
}

const [directory = '.', apiUrl, address] = process.argv.slice(2);
if (apiUrl === undefined || address === undefined) {
  await shareNotes(directory, inMemory());
} else {
  const connection = new ProviderConnection({ apiUrl });
  await shareNotes(directory, at(connection, address, process.env['PASSPHRASE'] ?? '')).finally(() => connection.close());
}
