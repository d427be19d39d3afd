// What every IncomingBox does, docs/protocol/sync.md §6, for the adapters' tests to run.

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { INCOMING_LEASE_MS, parseReplicaUid, type IncomingItemId } from '@paloma/shared-model';
import type { ItemLease } from '@paloma/sync-protocol';
import type { ManualClock } from '@paloma/test-kit';
import type { IncomingBox } from './incoming-box.js';

export interface IncomingBoxSubject {
  box: IncomingBox;
  /** The box's clock. */
  clock: ManualClock;
  put(octets: Uint8Array): IncomingItemId;
  close(): Promise<void>;
}

const [ONE, TWO] = [parseReplicaUid('1'.repeat(22)), parseReplicaUid('2'.repeat(22))];
const octetsOf = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));
const NOTHING = { acks: [], releases: [], failures: [] };

export function describeIncomingBox(name: string, open: () => Promise<IncomingBoxSubject>): void {
  describe(`${name}, as every incoming box,`, () => {
    let subject: IncomingBoxSubject;
    beforeEach(async () => { subject = await open(); });
    afterEach(() => subject.close());

    test('leases the oldest first, to one device at a time', async () => {
      const [first, second] = [subject.put(octetsOf('first')), subject.put(octetsOf('second'))];
      expect(await subject.box.lease(ONE, 1)).toMatchObject([{ itemId: first, sizeBytes: 5, attempts: 0 }]);
      expect(await subject.box.lease(TWO, 9)).toMatchObject([{ itemId: second }]);
      expect(await subject.box.lease(ONE, 9)).toMatchObject([{ itemId: first }]);
    });

    test('gives the octets to whoever has the lease, and says so to who has lost it', async () => {
      const itemId = subject.put(octetsOf('octets'));
      const [mine] = await subject.box.lease(ONE, 1);
      expect(await Array.fromAsync(subject.box.fetch([mine!]))).toEqual([{ itemId, octets: octetsOf('octets') }]);
      subject.clock.advance(INCOMING_LEASE_MS);
      await subject.box.lease(TWO, 1);
      expect(await Array.fromAsync(subject.box.fetch([mine!]))).toEqual([{ itemId, lost: true }]);
      expect(await subject.box.settle({ ...NOTHING, acks: [leaseOf(mine!)] })).toEqual({ lost: [itemId] });
    });

    test('forgets what is acknowledged, and is told so twice without harm', async () => {
      subject.put(octetsOf('x'));
      const acks = (await subject.box.lease(ONE, 1)).map(leaseOf);
      for (let time = 0; time < 2; time += 1) expect(await subject.box.settle({ ...NOTHING, acks })).toEqual({ lost: [] });
      subject.clock.advance(INCOMING_LEASE_MS);
      expect(await subject.box.lease(ONE, 1)).toEqual([]);
    });

    test('offers at once what is released, and later what failed', async () => {
      const [released, failed] = [subject.put(octetsOf('a')), subject.put(octetsOf('b'))];
      const [one, other] = (await subject.box.lease(ONE, 2)).map(leaseOf) as [ItemLease, ItemLease];
      await subject.box.settle({ acks: [], releases: [one], failures: [{ ...other, reason: 'internal' }] });
      expect(await subject.box.lease(TWO, 9)).toMatchObject([{ itemId: released }]);
      subject.clock.advance(24 * 3_600_000);
      expect(await subject.box.lease(TWO, 9)).toEqual(expect.arrayContaining([expect.objectContaining({ itemId: failed, attempts: 1 })]));
    });
  });
}

function leaseOf({ itemId, lease }: ItemLease): ItemLease {
  return { itemId, lease };
}
