import { afterEach, describe, expect, test } from '@jest/globals';
import { manualClock, seededRandom, temporaryDirectory } from '@paloma/test-kit';
import { NOT_PROTECTED, compareRevisions, countersOf, type BlobId, type BlobNamespace, type EmailDocument, type IdentityDocument, type MailboxDocument, type MessageDocument } from '@paloma/shared-model';
import { MemoryProvider } from '../provider/memory-provider.js';
import { EXAMPLE_ACCOUNT_ID } from '../test/example-account.js';
import { contentsOf, exampleDevice, openDevice, type ExampleDevice } from '../test/example-device.js';
import type { Mergers } from './merge.js';
import { SyncEngine } from './sync-engine.js';
import { emptyReport } from './sync-report.js';

const directory = temporaryDirectory();
const devices: ExampleDevice[] = [];
const attachments = 'attachments' as BlobNamespace;
afterEach(() => devices.splice(0).forEach(({ store }) => store.close()));

function newProvider(limits = {}): MemoryProvider {
  return new MemoryProvider({ accountId: EXAMPLE_ACCOUNT_ID, random: seededRandom('provider'), limits });
}

function device(name: string, provider: MemoryProvider): ExampleDevice {
  const made = exampleDevice(name, directory, provider);
  devices.push(made);
  return made;
}

function twoDevices(limits = {}) {
  const provider = newProvider(limits);
  return { provider, ana: device('ana', provider), bob: device('bob', provider) };
}

const identity = (name: string): IdentityDocument => ({ identityId: 'i', address: 'ana@example.org', name, textSignature: '' });
const mailbox = (name: string): MailboxDocument => ({ mailboxId: 'm', name, role: null, isSubscribed: true, sortOrder: 0, createdAtMs: 0 });
const email = (keywords: EmailDocument['keywords']): EmailDocument => ({ emailId: 'e', messageId: 'm', receivedAtMs: 1, keywords, mailboxes: {} });
const put = ({ store }: ExampleDevice, id: string, name: string) => store.transact((transaction) => transaction.put('identity', id, identity(name)));
const nameOn = ({ store }: ExampleDevice, id: string) => store.get('identity', id)?.content.name;

function message(blobId: BlobId): MessageDocument {
  const rootPart = {
    partNumber: '', mediaType: 'text/plain', parameters: {}, contentId: null, disposition: null, filename: null, transferEncoding: '7bit',
    headerOffset: 0, bodyOffset: 0, bodyBytes: 0, bodyLines: 0, children: [],
  };
  return {
    messageId: 'm', headerBlock: new Uint8Array(0), sizeBytes: 1, rootPart, content: [{ kind: 'blob', blobId, sizeBytes: 1 }],
    preview: '', security: NOT_PROTECTED, sourceId: null, asReceived: null,
  };
}

describe('sync', () => {
  test('carries documents and deletions to the other device, and a second sync moves nothing', async () => {
    const { ana, bob, provider } = twoDevices();
    put(ana, 'a', 'Ana');
    put(ana, 'b', 'Bea');
    ana.store.transact((transaction) => transaction.delete('identity', 'b'));
    expect(await ana.engine.sync()).toMatchObject({ pushed: 2, failure: null });
    expect(await bob.engine.sync()).toMatchObject({ pulled: 2, failure: null });
    expect(contentsOf(bob.store)).toEqual(contentsOf(ana.store));
    expect(bob.store.transact((transaction) => transaction.isKnown('identity', 'b'))).toBe(true);
    expect([await ana.engine.sync(), await bob.engine.sync(), provider.generation]).toEqual([emptyReport(), emptyReport(), 3]);
  });

  test('after a lost push reply only the statement about the log goes up a second time', async () => {
    const { ana, bob, provider } = twoDevices();
    put(ana, 'a', 'Ana');
    ana.network.faults = ['none', 'none', 'none', 'none', 'lostReply'];
    expect((await ana.engine.sync()).failure).toMatchObject({ code: 'unreachable', retryable: true });
    expect(ana.engine.status().current()).toMatchObject({ phase: 'offline', pendingUp: 1, error: 'unreachable' });
    expect(await ana.engine.sync()).toMatchObject({ pushed: 0, failure: null });
    expect(ana.engine.status().current()).toMatchObject({ phase: 'idle', pendingUp: 0, error: null });
    await bob.engine.sync();
    expect([provider.generation, contentsOf(bob.store)]).toEqual([3, contentsOf(ana.store)]);
  });

  test('a page that breaks off is kept as far as it came', async () => {
    const { ana, bob } = twoDevices();
    for (const id of ['a', 'b', 'c']) put(ana, id, id);
    await ana.engine.sync();
    bob.network.faults = ['none', 'cut', 'lostReply'];
    expect(await bob.engine.sync()).toMatchObject({ pulled: 1, failure: { code: 'unreachable' } });
    expect(bob.store.list('identity')).toHaveLength(1);
    expect(await bob.engine.sync()).toMatchObject({ pulled: 2, failure: null });
  });

  test('what is written while a sync runs is not lost', async () => {
    const { ana, bob } = twoDevices();
    put(ana, 'a', 'one');
    ana.network.meanwhile = () => put(ana, 'a', `during ${ana.network.requests.length}`);
    await ana.engine.sync();
    ana.network.meanwhile = null;
    await ana.engine.sync();
    await bob.engine.sync();
    expect(nameOn(bob, 'a')).toBe(nameOn(ana, 'a'));
    expect(contentsOf(bob.store)).toEqual(contentsOf(ana.store));
  });

  test('two calls at once run one after another, and the second sees what was written before it', async () => {
    const { ana, provider } = twoDevices();
    const first = ana.engine.sync();
    await Promise.resolve();
    put(ana, 'a', 'Ana');
    const [, second] = await Promise.all([first, ana.engine.sync()]);
    expect([second.failure, provider.generation]).toEqual([null, 2]);
  });

  test('a new device gets mailboxes before summaries before content', async () => {
    const { ana, bob } = twoDevices();
    ana.store.transact((transaction) => {
      transaction.put('message-content', 'c', { messageId: 'c', octets: new Uint8Array([1]) });
      transaction.put('email', 'e', email({}));
      transaction.put('mailbox', 'm', mailbox('News'));
    });
    await ana.engine.sync();
    const arrived: string[] = [];
    bob.store.subscribe((changes) => arrived.push(...changes.map(({ type }) => type)));
    await bob.engine.sync();
    expect(arrived).toEqual(['mailbox', 'replica-head', 'email', 'message-content']);
  });
});

describe('the first sync of a new device', () => {
  const EMAILS = 1500;

  /** A device with one class of much mail, and a new one. `received` lists email ids in the order in which they arrive. */
  async function newDeviceOfLargeAccount() {
    const { ana, bob, provider } = twoDevices();
    const write = (from: number, to: number) => ana.store.transact((transaction) => {
      for (let n = from; n < to; n++) transaction.put('email', `e${n}`, { ...email({}), emailId: `e${n}` });
    });
    ana.store.transact((transaction) => {
      transaction.put('message-content', 'c', { messageId: 'c', octets: new Uint8Array([1]) });
      transaction.put('mailbox', 'm', mailbox('News'));
    });
    write(0, EMAILS);
    await ana.engine.sync();
    const received: number[] = [];
    bob.store.subscribe((changes) => received.push(...changes.filter(({ type }) => type === 'email').map(({ documentId }) => Number(documentId.slice('email:e'.length)))));
    return { ana, bob, provider, write, received };
  }

  test('begins with the newest summaries, in small pages, each in the order of time', async () => {
    const { bob, received } = await newDeviceOfLargeAccount();
    const pages: number[][] = [];
    bob.network.meanwhile = () => void pages.push(received.splice(0));
    expect(await bob.engine.sync()).toMatchObject({ pulled: EMAILS + 2, failure: null });
    const summaries = pages.filter((page) => page.length > 0);
    expect(summaries.map((page) => [page[0], page.length])).toEqual([[1375, 125], [1125, 250], [625, 500], [125, 500], [0, 125]]);
    for (const page of summaries) expect(page).toEqual(page.toSorted((left, right) => left - right));
  });

  test('new mail does not wait for old mail', async () => {
    const { ana, bob, write, received } = await newDeviceOfLargeAccount();
    let isWritten = false;
    bob.network.meanwhile = async () => {
      if (received.length === 0 || isWritten) return;
      isWritten = true;
      write(EMAILS, EMAILS + 1);
      await ana.engine.sync();
    };
    await bob.engine.sync();
    expect(received.slice(received.indexOf(EMAILS))).toContain(0);
    expect(contentsOf(bob.store)).toEqual(contentsOf(ana.store));
  });

  test('resumes wherever it broke off, with all that changed meanwhile, and brings nothing twice', async () => {
    for (let at = 1; at <= 8; at++) {
      const { ana, bob, write, received } = await newDeviceOfLargeAccount();
      bob.network.faults = [...Array<'none'>(at).fill('none'), at % 2 === 0 ? 'cut' : 'none', 'lostReply'];
      await bob.engine.sync();
      bob.network.faults = [];
      write(EMAILS, EMAILS + 10);
      ana.store.transact((transaction) => {
        for (const n of [3, 900, 1490]) transaction.put('email', `e${n}`, { ...email({}), emailId: `e${n}`, receivedAtMs: 2 });
        for (const n of [4, 901, 1491]) transaction.delete('email', `e${n}`);
      });
      await ana.engine.sync();
      expect((await bob.engine.sync()).failure).toBeNull();
      expect(contentsOf(bob.store)).toEqual(contentsOf(ana.store));
      const unchanged = received.filter((n) => n < EMAILS && ![3, 4, 900, 901, 1490, 1491].includes(n));
      expect(new Set(unchanged).size).toBe(unchanged.length);
      expect(await bob.engine.sync()).toEqual(emptyReport());
    }
  });

  test('tells how much is left: never more unless more comes, and nothing at its end alone', async () => {
    const { bob, provider } = await newDeviceOfLargeAccount();
    const left: number[] = [];
    bob.engine.status().subscribe(({ pendingDown }) => { if (pendingDown !== left.at(-1)) left.push(pendingDown); });
    await bob.engine.sync();
    expect(left.shift()).toBe(0);
    expect(left).toEqual(left.toSorted((a, b) => b - a));
    expect(left.length).toBeGreaterThan(5);
    expect([left.at(-1), left.indexOf(0)]).toEqual([0, left.length - 1]);
    expect(left[0]).toBeLessThanOrEqual(provider.generation);
  });

  test('can be stopped, tells truly what is left, and goes on where it ended', async () => {
    const { ana, bob, received } = await newDeviceOfLargeAccount();
    let stopped: Promise<void> | null = null;
    bob.network.meanwhile = () => { if (received.length > 0) stopped ??= bob.engine.stop(); };
    expect((await bob.engine.sync()).failure).toMatchObject({ code: 'stopped' });
    await stopped;
    const before = received.length;
    expect(before).toBeLessThan(EMAILS);
    expect(bob.engine.status().current()).toMatchObject({ phase: 'idle', error: null });
    expect(bob.engine.status().current().pendingDown).toBeGreaterThan((EMAILS - before) / 3);
    const next = new SyncEngine({ store: bob.store, transport: bob.network, clock: manualClock(), random: seededRandom('next') });
    expect(next.status().current().pendingDown).toBe(bob.engine.status().current().pendingDown);
    expect(await bob.engine.sync()).toMatchObject({ failure: null });
    expect(received).toHaveLength(EMAILS);
    expect(contentsOf(bob.store)).toEqual(contentsOf(ana.store));
  });

  test('the account can be brought up to date before everything else', async () => {
    const { bob } = await newDeviceOfLargeAccount();
    put(bob, 'i', 'Bob');
    expect(await bob.engine.syncAccount()).toMatchObject({ pulled: 1, pushed: 1, failure: null });
    expect(bob.store.documents.countDirty()).toBe(0);
    expect([bob.store.list('mailbox').length, bob.store.list('email').length]).toEqual([1, 0]);
    expect(bob.engine.status().current()).toMatchObject({ phase: 'idle', lastSyncAtMs: null });
  });
});

describe('conflicts', () => {
  test('marks of one email merge one by one', async () => {
    const { ana, bob } = twoDevices();
    const mark = ({ store }: ExampleDevice, keyword: string) => store.transact((transaction) => {
      const known = transaction.get('email', 'e')?.content ?? email({});
      transaction.put('email', 'e', { ...known, keywords: { ...known.keywords, [keyword]: { isSet: true, clock: transaction.nextMarkClock() } } });
    });
    mark(ana, '$seen');
    await ana.engine.sync();
    await bob.engine.sync();
    mark(ana, '$flagged');
    mark(bob, '$answered');
    await ana.engine.sync();
    expect(await bob.engine.sync()).toMatchObject({ merged: 1, unresolved: 0 });
    await ana.engine.sync();
    expect(Object.keys(ana.store.get('email', 'e')!.content.keywords).sort()).toEqual(['$answered', '$flagged', '$seen']);
    expect(contentsOf(ana.store)).toEqual(contentsOf(bob.store));
  });

  test('a merge makes a revision of its own, newer than both', async () => {
    const { ana, bob } = twoDevices();
    put(ana, 'a', 'one');
    put(bob, 'a', 'two');
    await ana.engine.sync();
    const [left, right] = [ana, bob].map(({ store }) => store.get('identity', 'a')!.revision);
    await bob.engine.sync();
    const { revision } = bob.store.get('identity', 'a')!;
    expect([compareRevisions(revision, left!), compareRevisions(revision, right!)]).toEqual(['newer', 'newer']);
    expect(countersOf(revision).get(bob.store.replicaUid)).toBe(2);
  });

  test('64 replicas in one revision are sealed, opened and merged like two', async () => {
    const { ana, bob } = twoDevices();
    const uids = Array.from({ length: 64 }, (_, n) => `replica${String(n).padStart(15, '0')}`);
    put(ana, 'a', 'of many');
    ana.store.sql.run('UPDATE documents SET revision = ?', uids.map((uid) => `${uid}:1`).join('|'));
    await ana.engine.sync();
    await bob.engine.sync();
    put(bob, 'a', 'of one more');
    await bob.engine.sync();
    await ana.engine.sync();
    expect([nameOn(ana, 'a'), countersOf(ana.store.get('identity', 'a')!.revision).size]).toEqual(['of one more', 65]);
  });

  test('an account that is full still takes deletions, and says that it is full', async () => {
    const { ana, bob, provider } = twoDevices();
    const large = (id: string) => ana.store.transact((transaction) => transaction.put('message-content', id, { messageId: id, octets: new Uint8Array(40_000) }));
    large('old');
    put(ana, 'a', 'Ana');
    await ana.engine.sync();
    await bob.engine.sync();
    Object.assign(provider.limits, { quotaBytes: 50_000 });
    large('new');
    ana.store.transact((transaction) => transaction.delete('identity', 'a'));
    expect(await ana.engine.sync()).toMatchObject({ pushed: 1, refused: 1, failure: { code: 'quotaExceeded' } });
    await bob.engine.sync();
    expect([nameOn(bob, 'a'), bob.engine.status().current().alarm]).toEqual([undefined, null]);
    ana.store.transact((transaction) => transaction.delete('message-content', 'old'));
    await ana.engine.sync();
    expect(await ana.engine.sync()).toMatchObject({ refused: 0, failure: null });
    await bob.engine.sync();
    expect([bob.store.get('message-content', 'new') !== null, bob.engine.status().current().alarm]).toEqual([true, null]);
  });

  test('a document that was deleted and made again is there again, everywhere, with a newer revision', async () => {
    const { ana, bob } = twoDevices();
    put(ana, 'a', 'first');
    for (const { engine } of [ana, bob]) await engine.sync();
    bob.store.transact((transaction) => transaction.delete('identity', 'a'));
    for (const { engine } of [bob, ana]) await engine.sync();
    expect(nameOn(ana, 'a')).toBeUndefined();
    put(ana, 'a', 'second');
    for (const { engine } of [ana, bob]) await engine.sync();
    expect([nameOn(bob, 'a'), contentsOf(bob.store)]).toEqual(['second', contentsOf(ana.store)]);
  });

  test('an edit wins over a deletion', async () => {
    const { ana, bob } = twoDevices();
    put(ana, 'a', 'Ana');
    await ana.engine.sync();
    await bob.engine.sync();
    ana.store.transact((transaction) => transaction.delete('identity', 'a'));
    put(bob, 'a', 'Ana M');
    for (const { engine } of [bob, ana, bob]) await engine.sync();
    expect([nameOn(ana, 'a'), nameOn(bob, 'a')]).toEqual(['Ana M', 'Ana M']);
  });

  test('the same immutable document made twice converges without an edit; with other content it is an alarm', async () => {
    const { ana, bob } = twoDevices();
    const write = ({ store }: ExampleDevice, id: string, octets: number[]) =>
      store.transact((transaction) => transaction.put('message-content', id, { messageId: id, octets: new Uint8Array(octets) }));
    write(ana, 'same', [1]);
    write(bob, 'same', [1]);
    write(ana, 'other', [2]);
    write(bob, 'other', [3]);
    await ana.engine.sync();
    expect(await bob.engine.sync()).toMatchObject({ merged: 1, setAside: 1 });
    expect(bob.engine.listSetAside()).toMatchObject([{ reason: 'immutableChanged' }]);
    await ana.engine.sync();
    expect(contentsOf(ana.store)).toEqual(contentsOf(bob.store));
    expect(await bob.engine.sync()).toEqual(emptyReport());
  });

  test('a document of a newer program is kept and synced, shown to nobody and never rewritten', async () => {
    const { ana, bob, provider } = twoDevices();
    const carol = device('carol', provider);
    put(ana, 'a', 'future');
    ana.store.sql.run('UPDATE documents SET schema_version = 9');
    await ana.engine.sync();
    await bob.engine.sync();
    expect([bob.store.get('identity', 'a'), bob.store.list('identity')]).toEqual([null, []]);
    expect(() => put(bob, 'a', 'past')).toThrow(expect.objectContaining({ code: 'needsNewerVersion' }));
    await carol.engine.sync();
    expect(contentsOf(carol.store)).toEqual(contentsOf(ana.store));
  });

  test('an edit that only a newer program could merge waits, and is merged after the upgrade', async () => {
    const { ana, bob } = twoDevices();
    put(ana, 'a', 'one');
    await ana.engine.sync();
    await bob.engine.sync();
    put(ana, 'a', 'future');
    ana.store.sql.run('UPDATE documents SET schema_version = 9');
    put(bob, 'a', 'edit of the old program');
    await ana.engine.sync();
    expect(await bob.engine.sync()).toMatchObject({ setAside: 1 });
    expect(bob.engine.listSetAside()).toMatchObject([{ reason: 'unmergeable' }]);
    expect((await bob.engine.sync()).pushed).toBe(0);
    bob.store.sql.run('UPDATE documents SET schema_version = 1');
    const mergers: Mergers = { identity: (left, right) => ({ ...left, name: [left.name, right.name].sort().join(' + ') }) };
    const upgraded = new SyncEngine({ store: bob.store, transport: bob.network, mergers, clock: manualClock(), random: seededRandom('upgraded') });
    expect(await upgraded.sync()).toMatchObject({ pushed: 1, setAside: 0 });
    expect([upgraded.listSetAside(), nameOn(bob, 'a')]).toEqual([[], 'edit of the old program + future']);
  });
});

describe('blobs', () => {
  test('1,200 blobs go up in one sync, in few requests, and come down on demand', async () => {
    const { ana, bob, provider } = twoDevices();
    const ids = Array.from({ length: 1200 }, (_, n) => ana.store.putBlob(attachments, new Uint8Array(Buffer.from(`blob ${n}`))));
    expect(await ana.engine.sync()).toMatchObject({ blobsUploaded: 1200, failure: null });
    expect(ana.network.requests.filter((name) => name === 'uploadBlobs').length).toBeLessThan(10);
    expect(provider.blobs.size).toBe(1200);
    await bob.engine.sync();
    expect(bob.network.requests).not.toContain('fetchBlob');
    expect(Buffer.from(await bob.store.getBlob(attachments, ids[1100]!)).toString()).toBe('blob 1100');
  });

  test('a reference never travels before its blob', async () => {
    const { ana, bob, provider } = twoDevices({ quotaBytes: 200_000 });
    const blobId = ana.store.putBlob(attachments, new Uint8Array(300_000));
    ana.store.transact((transaction) => {
      transaction.put('message', 'm', message(blobId));
      transaction.put('identity', 'a', identity('Ana'));
    });
    expect(await ana.engine.sync()).toMatchObject({ refused: 1, heldBack: 1, pushed: 1, failure: null });
    await bob.engine.sync();
    expect([bob.store.list('identity').length, bob.store.transact((transaction) => transaction.isKnown('message', 'm'))]).toEqual([1, false]);
    Object.assign(provider.limits, { quotaBytes: 10_000_000 });
    expect(await ana.engine.sync()).toMatchObject({ blobsUploaded: 1, pushed: 1, heldBack: 0 });
  });

  test('a lost upload reply, a local-only blob and one that does not open harm no other', async () => {
    const { ana, bob, provider } = twoDevices();
    const [one, two] = [[1], [2]].map((octets) => ana.store.putBlob(attachments, new Uint8Array(octets)));
    ana.store.putBlob(attachments, new Uint8Array([3]), { isLocalOnly: true });
    ana.network.faults = ['none', 'none', 'none', 'none', 'lostReply'];
    expect((await ana.engine.sync()).failure).toMatchObject({ code: 'unreachable' });
    expect(await ana.engine.sync()).toMatchObject({ blobsUploaded: 2, failure: null });
    expect(provider.blobs.size).toBe(2);
    provider.blobs.get(`${attachments}/${one}`)![40]! ^= 1;
    await expect(bob.store.getBlob(attachments, one!)).rejects.toMatchObject({ code: 'openFailed' });
    expect(await bob.store.getBlob(attachments, two!)).toEqual(new Uint8Array([2]));
  });

  test('a removed blob goes away at the provider; put again it goes up again', async () => {
    const { ana, provider } = twoDevices();
    const blobId = ana.store.putBlob(attachments, new Uint8Array([1]));
    await ana.engine.sync();
    ana.store.deleteBlob(attachments, blobId);
    expect(await ana.engine.sync()).toMatchObject({ blobsDeleted: 1 });
    expect([provider.blobs.size, ana.store.blobs.stateOf({ namespace: attachments, blobId })]).toEqual([0, null]);
    ana.store.putBlob(attachments, new Uint8Array([1]));
    expect(await ana.engine.sync()).toMatchObject({ blobsUploaded: 1 });
  });

  test('a blob that another device removed goes up again when it is put again where it still is', async () => {
    const { ana, bob, provider } = twoDevices();
    const [small, large] = [new Uint8Array([1]), new Uint8Array(2_000_000)];
    const ids = [small, large].map((octets) => ana.store.putBlob(attachments, octets));
    await ana.engine.sync();
    for (const blobId of ids) await bob.store.getBlob(attachments, blobId);
    for (const blobId of ids) ana.store.deleteBlob(attachments, blobId);
    await ana.engine.sync();
    expect(provider.blobs.size).toBe(0);
    for (const octets of [small, large]) bob.store.putBlob(attachments, octets);
    expect(await bob.engine.sync()).toMatchObject({ blobsUploaded: 2 });
    expect(provider.blobs.size).toBe(2);
    bob.network.requests.length = 0;
    bob.store.putBlob(attachments, large);
    await bob.engine.sync();
    expect([bob.network.requests.includes('hasBlob'), bob.network.requests.includes('uploadBlob')]).toEqual([true, false]);
  });

  test('the same octets in two namespaces go up and come down apart, and one is removed without the other', async () => {
    const { ana, bob, provider } = twoDevices();
    const outbox = 'outbox' as BlobNamespace;
    const octets = new Uint8Array([1, 2, 3]);
    const [here, there] = [ana.store.putBlob(attachments, octets), ana.store.putBlob(outbox, octets)];
    await ana.engine.sync();
    ana.store.deleteBlob(outbox, there);
    await ana.engine.sync();
    expect([...provider.blobs.keys()]).toEqual([`${attachments}/${here}`]);
    expect(await bob.store.getBlob(attachments, here)).toEqual(octets);
    await expect(bob.store.getBlob(outbox, there)).rejects.toMatchObject({ code: 'blobMissing' });
  });

  test('a blob that is local only stays local for ever, over syncs and a restart', async () => {
    const { ana, provider } = twoDevices();
    const blobId = ana.store.putBlob(attachments, new Uint8Array([5]), { isLocalOnly: true });
    for (let round = 0; round < 3; round++) await ana.engine.sync();
    ana.store.close();
    const again = openDevice('ana', ana.path, provider);
    devices.splice(devices.indexOf(ana), 1, again);
    await again.engine.sync();
    expect([provider.blobs.size, again.store.blobs.stateOf({ namespace: attachments, blobId })]).toEqual([0, 'localOnly']);
    again.store.deleteBlob(attachments, blobId);
    await again.engine.sync();
    expect([again.network.requests.filter((name) => name === 'deleteBlob'), await again.store.getBlob(attachments, blobId).catch(({ code }) => code)]).toEqual([[], 'blobMissing']);
  });

  test('blobs that are here go up again to a provider that was restored from a backup', async () => {
    const { ana, provider } = twoDevices();
    ana.store.putBlob(attachments, new Uint8Array([7]));
    await ana.engine.sync();
    provider.blobs.clear();
    ana.engine.acceptRestoredProvider();
    expect(await ana.engine.sync()).toMatchObject({ blobsUploaded: 1 });
    expect(provider.blobs.size).toBe(1);
  });

  test('what goes up under a budget is given up here, but for what is pinned; what is pinned elsewhere comes with the next sync', async () => {
    const { ana, bob } = twoDevices();
    const [pinned, evicted] = [[1, 1], [2, 2]].map((octets) => ana.store.putBlob(attachments, new Uint8Array(octets))) as [BlobId, BlobId];
    for (const { store } of [ana, bob]) {
      store.setBlobBudget(0);
      store.pinBlob(attachments, pinned);
    }
    const isHere = ({ store }: ExampleDevice) => [pinned, evicted].map((blobId) => store.blobs.isHere({ namespace: attachments, blobId }));
    expect([isHere(ana), isHere(bob)]).toEqual([[true, true], [false, false]]);
    for (const { engine } of [ana, bob]) await engine.sync();
    while (bob.store.blobStatus().current().localBytes === 0) await new Promise((resolve) => setImmediate(resolve));
    expect([isHere(ana), isHere(bob)]).toEqual([[true, false], [true, false]]);
    expect(await ana.store.getBlob(attachments, evicted)).toEqual(new Uint8Array([2, 2]));
  });

  test('an evicted blob is fetched again', async () => {
    const { ana } = twoDevices();
    const blobId = ana.store.putBlob(attachments, new Uint8Array([7]));
    ana.store.evictBlob(attachments, blobId);
    expect(ana.store.blobs.stateOf({ namespace: attachments, blobId })).toBe('pendingUpload');
    await ana.engine.sync();
    ana.store.evictBlob(attachments, blobId);
    expect(ana.store.blobs.load({ namespace: attachments, blobId })).toBeNull();
    expect(await ana.store.getBlob(attachments, blobId)).toEqual(new Uint8Array([7]));
  });
});
