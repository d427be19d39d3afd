import { expect } from '@jest/globals';
import { property, temporaryDirectory } from '@paloma/test-kit';
import type { MailboxId } from '@paloma/shared-model';
import type { MailboxView } from '../port/index.js';
import { openExampleStore } from '../test/example-store.js';
import { anySteps, Walk } from '../test/random-mail.js';
import { openView } from './mailbox-views.js';

const directory = temporaryDirectory();

property('a view that is made of one that somebody holds is what reading all of it gives, and shares what has not changed', anySteps, async (steps) => {
  const { store, documents, close } = openExampleStore(directory);
  try {
    const walk = new Walk(store);
    const held = new Map<MailboxId, MailboxView>();
    for (const step of steps) {
      await walk.take(step);
      for (const { mailboxId } of await store.listMailboxes()) {
        const view = (await store.openView(mailboxId))!;
        const fresh = openView(documents.sql, mailboxId)!;
        expect({ ...view, keywords: fresh.keywords }).toEqual(fresh);
        expect(view.keywords).toEqual(expect.arrayContaining([...fresh.keywords]));
        const before = new Map(held.get(mailboxId)?.entries.map((entry) => [entry.uid, entry]));
        for (const entry of view.entries) if (before.get(entry.uid)?.modSeq === entry.modSeq) expect(entry).toBe(before.get(entry.uid));
        held.set(mailboxId, view);
      }
    }
  } finally {
    close();
  }
}, { numRuns: Number(process.env['PROPERTY_RUNS'] ?? 30) });
