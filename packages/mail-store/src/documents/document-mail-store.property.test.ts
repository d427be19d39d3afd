// The memory store is the plain one; whatever is done to both, the document store must look the same, also after its
// projections were made anew.

import { expect } from '@jest/globals';
import { manualClock, property, seededRandom, temporaryDirectory } from '@paloma/test-kit';
import { parseMailAddress } from '@paloma/shared-model';
import { createMemoryMailStore } from '../memory/index.js';
import { EXAMPLE_ACCOUNT, openExampleStore } from '../test/example-store.js';
import { anySteps, Walk } from '../test/random-mail.js';
import { without } from '../test/without.js';
import type { Mailbox } from '../port/index.js';
import { mailProjections } from './index.js';

const directory = temporaryDirectory();
const newerProjections = mailProjections.map((projection) => ({ ...projection, version: projection.version + 1 }));

property('the document store answers as the memory store does', anySteps, async (steps) => {
  const memory = new Walk(createMemoryMailStore({ accountId: EXAMPLE_ACCOUNT, address: parseMailAddress('ana@example.org'), clock: manualClock(), random: seededRandom('memory') }));
  const subject = openExampleStore(directory);
  const documents = new Walk(subject.store);
  try {
    for (const step of steps) {
      expect(await documents.take(step)).toEqual(await memory.take(step));
      await subject.store.removeMessagesOfDestroyed();   // until then a new message joins the thread of one that is about to go
    }
    expect(await documents.look()).toEqual(await memory.look());
  } finally {
    subject.close();
  }
}, { numRuns: Number(process.env['PROPERTY_RUNS'] ?? 60) });

property('a rebuild of the projections changes nothing that can be seen, UIDs least of all', anySteps, async (steps) => {
  const subject = openExampleStore(directory);
  const walk = new Walk(subject.store);
  for (const step of steps) await walk.take(step);
  walk.continueIn(subject.store);
  const before = await walk.look();
  const rebuilt = await subject.reopen(newerProjections);
  try {
    walk.continueIn(rebuilt.store);
    expect(withoutThreads(await walk.look())).toEqual(withoutThreads(before));
  } finally {
    rebuilt.close();
  }
}, { numRuns: Number(process.env['PROPERTY_RUNS'] ?? 40) });

// Two threads that a destroyed message had joined are found apart when nothing joins them any more.
function withoutThreads(seen: unknown): unknown {
  const { mailboxes, ...rest } = without(seen as { threads: unknown; found: unknown; mailboxes: Mailbox[] }, 'threads', 'found');
  return { ...rest, mailboxes: mailboxes.map((mailbox) => without(mailbox, 'totalThreads', 'unreadThreads')) };
}
