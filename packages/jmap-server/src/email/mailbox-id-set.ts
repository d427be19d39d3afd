import { z } from 'zod';
import { parseMailboxId, type MailboxId } from '@paloma/shared-model';
import type { CreationIds } from '../request/creation-ids.js';

/** The `mailboxIds` property as a list; `null` when it is malformed, empty, or names what was not created. */
export function parseMailboxIdSet(value: unknown, creationIds: CreationIds): MailboxId[] | null {
  const parsed = z.record(z.string(), z.literal(true)).safeParse(value);
  if (!parsed.success) return null;
  const ids = Object.keys(parsed.data).map((id) => creationIds.resolve(id));
  if (ids.length === 0 || !ids.every(isMailboxId)) return null;
  return [...new Set(ids)];
}

function isMailboxId(id: string | null): id is MailboxId {
  try {
    return id !== null && parseMailboxId(id) === id;
  } catch {
    return false;
  }
}
