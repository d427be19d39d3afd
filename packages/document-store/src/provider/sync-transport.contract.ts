// What every SyncTransport must do, docs/protocol/sync.md §2 to §5. Run over the memory provider and the https adapter here, and
// against a real provider from e2e: export `runSyncTransportContract` through `@paloma/document-store/contract`.

import { afterEach, describe, expect, test } from '@jest/globals';
import { seededRandom } from '@paloma/test-kit';
import {
  parseBlobId, parseBlobNamespace, parseGeneration, parseOpaqueDocumentId, parseReplicaUid, parseRevision, parseTransactionId,
  type DocumentClass, type ReplicaUid,
} from '@paloma/shared-model';
import type { PushItem } from '@paloma/sync-protocol';
import type { SyncTransport } from './sync-transport.js';

export interface SyncTransportScene {
  /** A transport of an account that nothing was ever pushed to. */
  transport: SyncTransport;
  close(): Promise<void>;
}

const [ANA, BOB] = ['A', 'B'].map((letter) => parseReplicaUid(letter.repeat(22))) as [ReplicaUid, ReplicaUid];
const NAMESPACE = parseBlobNamespace('attachments');
const opaqueId = (n: number) => parseOpaqueDocumentId(`document${String(n).padStart(24, '0')}`);
const blobId = (n: number) => parseBlobId(`blob${String(n).padStart(39, '0')}`);
const octets = (seed: string, count = 100) => new Uint8Array(seededRandom(seed).bytes(count));

function item(n: number, revision: string, fields: Partial<PushItem> = {}): PushItem {
  return { id: opaqueId(n), revision: parseRevision(revision), class: 0, epoch: 1, tombstone: false, sealed: octets(`${n} ${revision}`), ...fields };
}

export function runSyncTransportContract(name: string, open: () => Promise<SyncTransportScene>): void {
  const scenes: SyncTransportScene[] = [];
  afterEach(async () => {
    for (const scene of scenes.splice(0)) await scene.close();
  });
  const newTransport = async (): Promise<SyncTransport> => {
    const scene = await open();
    scenes.push(scene);
    return scene.transport;
  };
  const pull = (transport: SyncTransport, replicaUid: ReplicaUid, since = 0, classes: DocumentClass[] = [0, 1, 2], limit = 100) =>
    transport.pull({ replicaUid, since: parseGeneration(since), classes, limit, known: null });

  describe(`sync transport contract: ${name}`, () => {
    test('an account to which nothing was pushed stands at generation 0', async () => {
      const transport = await newTransport();
      expect(await transport.info()).toMatchObject({ v: 1, generation: 0, transactionId: '' });
      expect(await pull(transport, ANA)).toMatchObject({ items: [], generation: 0, through: 0 });
    });

    test('what was pushed comes back byte for byte, to every replica but the one that wrote it', async () => {
      const transport = await newTransport();
      const sent = [item(1, `${ANA}:1`), item(2, `${ANA}:1`, { class: 2, tombstone: true, sealed: octets('large', 200_000) })];
      const answer = await transport.push(ANA, sent);
      expect(answer).toMatchObject({ generation: 2, outcomes: [{ id: sent[0]!.id, outcome: 'inserted', generation: 1 }, { outcome: 'inserted', generation: 2 }] });
      const page = await pull(transport, BOB);
      expect(page).toEqual({ items: sent.map((each, index) => ({ ...each, generation: index + 1 })), generation: 2, transactionId: answer.transactionId, through: 2 });
      expect(await pull(transport, ANA)).toMatchObject({ items: [], through: 2 });
    });

    test('a replica gets back what it wrote itself when it asks for that too', async () => {
      const transport = await newTransport();
      await transport.push(ANA, [item(1, `${ANA}:1`)]);
      const page = await transport.pull({ replicaUid: ANA, since: parseGeneration(0), classes: [0], limit: 10, known: null, own: true });
      expect(page.items.map(({ id }) => id)).toEqual([opaqueId(1)]);
    });

    test.each<[string, string, string, string]>([
      ['the same revision again', `${ANA}:2`, `${ANA}:2`, 'converged'],
      ['a descendant', `${ANA}:2`, `${ANA}:2|${BOB}:1`, 'inserted'],
      ['an ancestor', `${ANA}:2`, `${ANA}:1`, 'superseded'],
      ['a concurrent revision', `${ANA}:2`, `${ANA}:1|${BOB}:1`, 'conflicted'],
    ])('%s is answered as such', async (_name, stored, pushed, outcome) => {
      const transport = await newTransport();
      await transport.push(ANA, [item(1, stored)]);
      const answer = await transport.push(BOB, [item(1, pushed)]);
      const isInserted = outcome === 'inserted';
      expect(answer).toMatchObject({ generation: isInserted ? 2 : 1, outcomes: [{ outcome, generation: isInserted ? 2 : 1 }] });
    });

    test('the same revision under a higher key epoch is stored: re-sealing', async () => {
      const transport = await newTransport();
      await transport.push(ANA, [item(1, `${ANA}:1`)]);
      expect(await transport.push(ANA, [item(1, `${ANA}:1`, { epoch: 2 })])).toMatchObject({ generation: 2, outcomes: [{ outcome: 'inserted' }] });
      expect(await transport.push(ANA, [item(1, `${ANA}:1`)])).toMatchObject({ generation: 2, outcomes: [{ outcome: 'converged' }] });
    });

    test('a batch sent twice makes no second generation', async () => {
      const transport = await newTransport();
      const batch = [item(1, `${ANA}:1`), item(2, `${ANA}:1`)];
      const first = await transport.push(ANA, batch);
      const second = await transport.push(ANA, batch);
      expect([second.generation, second.transactionId]).toEqual([first.generation, first.transactionId]);
      expect(second.outcomes.map(({ outcome }) => outcome)).toEqual(['converged', 'converged']);
    });

    test('a document appears once, in its last state; pages go on where they ended; classes can be asked apart', async () => {
      const transport = await newTransport();
      await transport.push(ANA, [item(1, `${ANA}:1`), item(2, `${ANA}:1`, { class: 1 }), item(3, `${ANA}:1`, { class: 2 })]);
      await transport.push(ANA, [item(1, `${ANA}:2`)]);
      const first = await pull(transport, BOB, 0, [0, 1, 2], 2);
      expect([first.items.map(({ id }) => id), first.through, first.generation]).toEqual([[opaqueId(2), opaqueId(3)], 3, 4]);
      const second = await pull(transport, BOB, first.through, [0, 1, 2], 2);
      expect([second.items.map(({ revision }) => revision), second.through]).toEqual([[`${ANA}:2`], 4]);
      expect((await pull(transport, BOB, 0, [1])).items.map(({ id }) => id)).toEqual([opaqueId(2)]);
      expect((await pull(transport, BOB, 0, [1])).through).toBe(4);
    });

    test('newest first: pages go back from the head, and what changes meanwhile is found by going on ascending', async () => {
      const transport = await newTransport();
      const pullNewest = (until?: number, limit = 2) => transport.pull({
        replicaUid: BOB, since: parseGeneration(0), classes: [1], limit, known: null, order: 'newest', ...(until !== undefined && { until: parseGeneration(until) }),
      });
      const itemsOf = ({ items }: { items: { id: string; generation: number }[] }) => items.map(({ id, generation }) => [id, generation]);
      await transport.push(ANA, [1, 2, 3, 4, 5].map((n) => item(n, `${ANA}:1`, { class: n === 3 ? 2 : 1 })));
      const first = await pullNewest();
      expect([itemsOf(first), first.through, first.generation]).toEqual([[[opaqueId(5), 5], [opaqueId(4), 4]], 3, 5]);
      await transport.push(ANA, [item(1, `${ANA}:2`, { class: 1 }), item(6, `${ANA}:1`, { class: 1 })]);
      const second = await pullNewest(first.through);
      expect([itemsOf(second), second.through, second.generation]).toEqual([[[opaqueId(2), 2]], 0, 7]);
      const meanwhile = await pull(transport, BOB, first.generation, [1]);
      expect([itemsOf(meanwhile), meanwhile.through]).toEqual([[[opaqueId(1), 6], [opaqueId(6), 7]], 7]);
      expect(await pullNewest(0)).toMatchObject({ items: [], through: 0 });
      expect(itemsOf(await pullNewest(99, 1))).toEqual([[opaqueId(6), 7]]);
    });

    test('a head that the log does not hold is refused', async () => {
      const transport = await newTransport();
      const { generation, transactionId } = await transport.push(ANA, [item(1, `${ANA}:1`)]);
      const ask = (known: { generation: number; transactionId: string }) => transport.pull({
        replicaUid: BOB, since: parseGeneration(0), classes: [0], limit: 1,
        known: { generation: parseGeneration(known.generation), transactionId: parseTransactionId(known.transactionId) },
      });
      expect((await ask({ generation, transactionId })).items).toHaveLength(1);
      await expect(ask({ generation: generation + 1, transactionId })).rejects.toMatchObject({ code: 'generationUnknown' });
      await expect(ask({ generation, transactionId: 'T'.repeat(22) })).rejects.toMatchObject({ code: 'transactionMismatch' });
    });

    test('blobs: the first one stays, each namespace is its own, removal is idempotent', async () => {
      const transport = await newTransport();
      const other = parseBlobNamespace('other');
      expect(await transport.uploadBlob(NAMESPACE, blobId(1), octets('one'))).toBe('stored');
      expect([await transport.hasBlob(NAMESPACE, blobId(1)), await transport.hasBlob(other, blobId(1))]).toEqual([true, false]);
      expect(await transport.uploadBlob(NAMESPACE, blobId(1), octets('two'))).toBe('present');
      expect(await transport.uploadBlob(other, blobId(1), octets('three'))).toBe('stored');
      expect([await transport.fetchBlob(NAMESPACE, blobId(1)), await transport.fetchBlob(other, blobId(1))]).toEqual([octets('one'), octets('three')]);
      await transport.deleteBlob(NAMESPACE, blobId(1));
      await transport.deleteBlob(NAMESPACE, blobId(1));
      expect([await transport.fetchBlob(NAMESPACE, blobId(1)), await transport.fetchBlob(other, blobId(1))]).toEqual([null, octets('three')]);
    });

    test('blobs: parts of one, from any octet on, until its end and not past it', async () => {
      const transport = await newTransport();
      const whole = octets('whole', 300_000);
      await transport.uploadBlob(NAMESPACE, blobId(1), whole);
      const ask = (id: number, from: number, maxBytes: number) => transport.fetchBlobPart(NAMESPACE, blobId(id), { from, maxBytes, signal: new AbortController().signal });
      for (const [from, maxBytes] of [[0, 100], [100, 200_000], [299_999, 5], [0, 300_000], [0, 1_000_000]] as const) {
        expect(await ask(1, from, maxBytes)).toEqual({ octets: whole.slice(from, from + maxBytes), totalBytes: 300_000 });
      }
      await expect(ask(1, 300_000, 1)).rejects.toMatchObject({ code: 'rangeNotSatisfiable' });
      expect(await ask(2, 0, 1)).toBeNull();
    });

    test('blobs: batches up and down, and the list of what is there', async () => {
      const transport = await newTransport();
      const sent = Array.from({ length: 30 }, (_, n) => ({ id: blobId(n), sealed: octets(`blob ${n}`, n === 7 ? 300_000 : 50) }));
      expect((await transport.uploadBlobs(NAMESPACE, sent)).map(({ outcome }) => outcome)).toEqual(sent.map(() => 'stored'));
      expect((await transport.uploadBlobs(NAMESPACE, sent.slice(0, 1)))).toEqual([{ id: blobId(0), outcome: 'present' }]);
      expect(await transport.downloadBlobs(NAMESPACE, [blobId(7), blobId(99), blobId(2)])).toEqual([sent[7], { id: blobId(99), missing: true }, sent[2]]);
      const page = await transport.listBlobs(NAMESPACE, { after: blobId(3), limit: 2 });
      expect(page).toEqual({ blobs: [{ blobId: blobId(4), sizeBytes: 50 }, { blobId: blobId(5), sizeBytes: 50 }], more: true });
    });
  });
}
