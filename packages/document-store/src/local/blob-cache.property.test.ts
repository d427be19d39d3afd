import { expect } from '@jest/globals';
import { fc, property, seededRandom, temporaryDirectory } from '@paloma/test-kit';
import type { BlobId, BlobNamespace } from '@paloma/shared-model';
import { MemoryProvider } from '../provider/memory-provider.js';
import { EXAMPLE_ACCOUNT_ID } from '../test/example-account.js';
import { exampleDevice, openDevice, type ExampleDevice } from '../test/example-device.js';
import { StoreError } from '../store-error.js';
import type { LocalDocumentStore } from './local-document-store.js';

const directory = temporaryDirectory();
const mail = 'mail' as BlobNamespace;
const BLOBS = 8;
const octetsOf = (n: number) => new Uint8Array(seededRandom(`blob ${n}`).bytes(100 + 40 * n));
const anyBlob = fc.nat({ max: BLOBS - 1 });

type Step = ['put' | 'putLocalOnly' | 'read' | 'ahead' | 'pin' | 'unpin' | 'evict', number] | ['budget', number | null] | ['sync' | 'lose' | 'restart' | 'wait'];

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  fc.tuple(fc.constantFrom<'put' | 'putLocalOnly' | 'read' | 'ahead' | 'pin' | 'unpin' | 'evict'>('put', 'put', 'putLocalOnly', 'read', 'read', 'ahead', 'pin', 'unpin', 'evict'), anyBlob),
  fc.tuple(fc.constant<'budget'>('budget'), fc.option(fc.nat({ max: 2000 }))),
  fc.tuple(fc.constantFrom<'sync' | 'lose' | 'restart' | 'wait'>('sync', 'sync', 'lose', 'restart', 'wait')),
);

/** Everything that was begun has ended: fetches, evictions, the status. */
async function idle(store: LocalDocumentStore): Promise<void> {
  for (let turns = 0; turns < 4 || store.blobStatus().current().underWay > 0; turns++) await new Promise((resolve) => setImmediate(resolve));
}

class Scene {
  readonly provider = new MemoryProvider({ accountId: EXAMPLE_ACCOUNT_ID, random: seededRandom('provider') });
  readonly put = new Map<number, BlobId>();
  readonly localOnly = new Set<number>();
  readonly pinned = new Set<number>();
  device: ExampleDevice = exampleDevice('ana', directory, this.provider);
  budget: number | null = null;

  async take([step, value]: Step): Promise<void> {
    const { store, engine, network } = this.device;
    switch (step) {
      case 'put': return this.#put(value, false);
      case 'putLocalOnly': return this.put.has(value) ? undefined : this.#put(value, true);
      case 'budget': this.budget = value; return store.setBlobBudget(value);
      case 'sync': return void await engine.sync();
      case 'lose': return void network.faults.push('lostRequest');
      case 'wait': return idle(store);
      case 'restart': return this.#restart();
      default: return this.#use(step, value);
    }
  }

  /** Octets of every blob are somewhere, and of one that the provider must not have, here. */
  assertNoneLost(): void {
    const { blobs } = this.device.store;
    for (const [n, blobId] of this.put) {
      const isHere = blobs.load({ namespace: mail, blobId }) !== null;
      const isThere = this.provider.blobs.has(`${mail}/${blobId}`);
      expect({ n, isHere, isThere }).toEqual({ n, isHere: isHere || !isThere, isThere: isThere && !this.localOnly.has(n) });
    }
  }

  /** The budget holds, or nothing more can be given up; the octets that are booked are those that are here. */
  assertBudget(): void {
    const { sql } = this.device.store;
    const { localBytes } = this.device.store.blobStatus().current();
    const evictable = sql.get<{ count: number }>(`SELECT count(*) AS count FROM blobs WHERE state = 'synced' AND is_pinned = 0`)!.count;
    if (this.budget !== null && localBytes > this.budget) expect(evictable).toBe(0);
    expect(localBytes).toBe(sql.get<{ sum: number }>('SELECT coalesce(sum(length(octets)), 0) AS sum FROM blob_octets')!.sum);
  }

  #put(n: number, isLocalOnly: boolean): void {
    this.put.set(n, this.device.store.putBlob(mail, octetsOf(n), { isLocalOnly }));
    if (isLocalOnly) this.localOnly.add(n);
    else this.localOnly.delete(n);
  }

  async #use(step: Step[0], n: number): Promise<void> {
    const { store } = this.device;
    const blobId = this.put.get(n);
    if (blobId === undefined) return;
    if (step === 'read') await store.getBlob(mail, blobId).then((octets) => expect(octets).toEqual(octetsOf(n)), (error) => expect(error).toBeInstanceOf(StoreError));
    if (step === 'ahead') store.fetchBlobAhead(mail, blobId, n);
    if (step === 'evict') store.evictBlob(mail, blobId);
    if (step === 'pin') store.pinBlob(mail, blobId);
    if (step === 'unpin') store.unpinBlob(mail, blobId);
    if (step === 'pin') this.pinned.add(n);
    if (step === 'unpin') this.pinned.delete(n);
  }

  #restart(): void {
    this.device.store.close();
    this.device = openDevice('ana', this.device.path, this.provider);
    this.device.store.setBlobBudget(this.budget);
  }
}

property('whatever is read, pinned, evicted and lost on the way, no sole copy goes, and the budget holds once all is quiet', fc.array(anyStep, { minLength: 1, maxLength: 40 }), async (steps) => {
  const scene = new Scene();
  for (const step of steps) {
    await scene.take(step);
    scene.assertNoneLost();
  }
  scene.device.network.faults = [];
  await scene.device.engine.sync();
  await idle(scene.device.store);
  scene.assertNoneLost();
  scene.assertBudget();
  const { store } = scene.device;
  for (const n of scene.pinned) expect(store.blobs.isHere({ namespace: mail, blobId: scene.put.get(n)! })).toBe(true);
  for (const [n, blobId] of scene.put) expect(await store.getBlob(mail, blobId)).toEqual(octetsOf(n));
  await idle(store);
  scene.assertBudget();
  store.close();
}, { numRuns: 60 });
