// Tombstones are removed while devices come, go away for a year and come back, over a network that loses requests and replies:
// docs/protocol/sync.md §4.1 against §8. No honest provider is an alarm, but in the one case that §4.1 names; one that keeps
// something back still is.

import { expect } from '@jest/globals';
import { fc, manualClock, property, seededRandom, temporaryDirectory, type ManualClock } from '@paloma/test-kit';
import { compareRevisions, type DocumentId, type OpaqueDocumentId } from '@paloma/shared-model';
import { MemoryProvider } from '../provider/memory-provider.js';
import { EXAMPLE_ACCOUNT_ID } from '../test/example-account.js';
import { exampleDevice, type ExampleDevice } from '../test/example-device.js';
import type { Fault } from '../test/faulty-transport.js';
import { selectiveProvider } from '../test/selective-provider.js';

const YEAR_MS = 365 * 24 * 60 * 60_000;
const MAX_DEVICES = 4;
const DOCUMENTS = 4;
const IDS = Array.from({ length: DOCUMENTS }, (_, n) => `identity:d${n}` as DocumentId);
const directory = temporaryDirectory();

const fault = fc.constantFrom<Fault>('none', 'none', 'lostRequest', 'lostReply', 'cut');
const step = fc.record({
  device: fc.nat(MAX_DEVICES - 1),
  action: fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('put' as const), document: fc.nat(DOCUMENTS - 1) }) },
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('delete' as const), document: fc.nat(DOCUMENTS - 1) }) },
    { weight: 6, arbitrary: fc.record({ kind: fc.constant('sync' as const), faults: fc.array(fault, { maxLength: 6 }) }) },
    { weight: 3, arbitrary: fc.constant({ kind: 'compact' as const }) },
    { weight: 1, arbitrary: fc.constant({ kind: 'join' as const }) },
    { weight: 1, arbitrary: fc.constant({ kind: 'forget' as const }) },
  ),
});
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;
const steps = fc.array(step, { maxLength: 50, size: 'max' });

/** A device with the documents whose tombstones were removed before it had received everything for the first time. */
interface Member extends ExampleDevice {
  missed: Set<OpaqueDocumentId>;
  /** It was in that case once. An alarm stays until the user has seen it (§8), and the document may be removed again meanwhile. */
  wasExcused: boolean;
}

class Account {
  readonly provider = new MemoryProvider({ accountId: EXAMPLE_ACCOUNT_ID, random: seededRandom('provider') });
  readonly clock: ManualClock = manualClock();
  readonly members: Member[] = [];
  readonly #removed = new Set<OpaqueDocumentId>();
  #edits = 0;

  constructor(count: number) {
    for (let n = 0; n < count; n++) this.join();
  }

  join(): void {
    const device = exampleDevice(`device ${this.members.length}`, directory, this.provider, { clock: this.clock });
    this.members.push({ ...device, missed: new Set(this.#removed), wasExcused: false });
  }

  async perform({ device, action }: Step): Promise<void> {
    const member = this.members[device % this.members.length]!;
    if (action.kind === 'join' && this.members.length < MAX_DEVICES) this.join();
    if (action.kind === 'compact') this.#compact();
    if (action.kind === 'forget') await this.#forget(member);
    if (action.kind === 'sync') await this.#sync(member, action.faults);
    if (action.kind === 'put' || action.kind === 'delete') this.#edit(member, action.kind, `d${action.document}`);
  }

  async settle(members = this.members): Promise<void> {
    for (let round = 0; round < 3; round++) for (const member of members) await this.#sync(member, []);
  }

  /** Whether a document was made again whose tombstone was removed before this device began: §4.1's one false alarm. */
  #isExcused({ missed }: Member): boolean {
    return [...missed].some((id) => this.provider.documents.has(id));
  }

  close(): void {
    for (const { store } of this.members) store.close();
  }

  #compact(): void {
    const before = [...this.provider.documents.keys()];
    this.provider.compactTombstones();
    for (const id of before.filter((each) => !this.provider.documents.has(each))) {
      this.#removed.add(id);
      for (const { missed, store } of this.members) if (store.meta.load('hasBegun') === null) missed.add(id);
    }
  }

  /** A device that was in touch goes away for a year, in which it may be edited; everybody grows older. It begins again at its next sync. */
  async #forget(member: Member): Promise<void> {
    await this.#sync(member, []);
    this.provider.forget(member.store.replicaUid);
    this.clock.advance(YEAR_MS);
    for (const id of this.#removed) member.missed.add(id);
  }

  async #sync(member: Member, faults: readonly Fault[]): Promise<void> {
    member.network.faults = [...faults];
    const { isReplicaRenewed } = await member.engine.sync();
    member.network.faults = [];
    if (isReplicaRenewed) for (const id of this.#removed) member.missed.add(id);
    member.wasExcused ||= this.#isExcused(member);
    const { alarm } = member.engine.status().current();
    expect([null, member.wasExcused ? 'withheld' : null]).toContain(alarm);
  }

  #edit({ store }: Member, kind: 'put' | 'delete', id: string): void {
    store.transact((transaction) => {
      if (kind === 'delete') transaction.delete('identity', id);
      else transaction.put('identity', id, { identityId: id, address: 'a@example.org', name: `edit ${this.#edits++}`, textSignature: '' });
    });
  }
}

const namesOn = ({ store }: Member): string[] => store.list('identity').map(({ content }) => content.name).sort();

property('no honest provider is an alarm, whatever it removes and whoever comes and goes; all end with the same', fc.tuple(fc.integer({ min: 1, max: 3 }), steps), async ([count, played]) => {
  const account = new Account(count);
  try {
    for (const each of played) await account.perform(each);
    await account.settle();
    const [first, ...others] = account.members.map(namesOn);
    for (const other of others) expect(other).toEqual(first);
    for (const member of account.members) expect([member.store.documents.countDirty(), member.engine.listSetAside()]).toEqual([0, []]);
  } finally {
    account.close();
  }
}, { numRuns: 80 });

property('what is kept from a device that began after tombstones were removed is found out', fc.tuple(steps, fc.array(step, { maxLength: 20 }), fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 6 })), async ([before, after, kept]) => {
  const account = new Account(2);
  try {
    for (const each of before) await account.perform(each);
    await account.settle();
    await account.perform({ device: 0, action: { kind: 'compact' } });
    const { provider } = account;
    const late = exampleDevice('late', directory, provider, { clock: account.clock });
    await late.engine.sync();
    const ids = new Map(IDS.map((id) => [late.store.keys.opaqueDocumentId(id), id]));
    const atBeginning = new Set(provider.documents.keys());
    const shown = provider.generation;
    late.network.inner = selectiveProvider(provider, (item) => (ids.has(item.id) && kept.includes(item.generation - shown) ? null : item));
    for (const each of after) if (each.action.kind === 'put' || each.action.kind === 'delete' || each.action.kind === 'sync') await account.perform(each);
    await account.settle();
    await late.engine.sync();
    const isLacking = [...ids].some(([opaqueId, id]) => {
      const [there, here] = [provider.documents.get(opaqueId), late.store.documents.find(id)];
      return there !== undefined && (here === null || compareRevisions(there.revision, here.revision) === 'newer');
    });
    const isMadeAgain = [...ids.keys()].some((id) => provider.documents.has(id) && !atBeginning.has(id));
    const { alarm } = late.engine.status().current();
    if (isLacking) expect(alarm).toBe('withheld');
    else expect([null, isMadeAgain ? 'withheld' : null]).toContain(alarm);
    late.store.close();
  } finally {
    account.close();
  }
}, { numRuns: 60 });
