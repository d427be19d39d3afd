// Changes of emails by the user: seen at once, sent, and taken back when the server refuses.

import { invertPatch, toPatchObject, type EmailPatch } from './email-patch.js';
import { JmapError } from './jmap-error.js';
import type { MailAccount } from './mail-account.js';
import type { EmailPatches } from './object-cache.js';
import type { Email, EmailId, SetResponse } from './types.js';

/** The patch of each email that would bring back what is now. Taken before the change. */
export function inverseOf({ cache }: MailAccount, patches: EmailPatches): EmailPatches {
  const inverse = new Map<EmailId, EmailPatch>();
  for (const [id, patch] of patches) {
    const email = cache.get('Email', id);
    if (email) inverse.set(id, invertPatch(email, patch));
  }
  return inverse;
}

/** Patches of several emails by one Email/set. @throws {JmapError} "set" when at least one was refused; those are as before */
export async function changeEmails({ cache, transport }: MailAccount, patches: EmailPatches): Promise<void> {
  if (patches.size === 0) return;
  const settle = cache.addPending(patches);
  const update = Object.fromEntries([...patches].map(([id, patch]) => [id, toPatchObject(patch)]));
  let refused: ReadonlySet<string> = new Set(patches.keys());
  try {
    const answer = await transport.call<SetResponse<Email>>('Email/set', { update }).result;
    refused = new Set(Object.keys(answer.notUpdated ?? {}));
  } finally {
    settle(new Set([...patches.keys()].filter((id) => !refused.has(id))));
  }
  if (refused.size > 0) throw new JmapError('set', `${refused.size} of ${patches.size} refused`);
}

/** For good. @throws {JmapError} "set" when at least one was refused */
export async function destroyEmails({ cache, transport }: MailAccount, ids: readonly EmailId[]): Promise<void> {
  const { destroyed, notDestroyed } = await transport.call<SetResponse<Email>>('Email/set', { destroy: ids }).result;
  cache.remove('Email', destroyed ?? []);
  const refused = Object.keys(notDestroyed ?? {}).length;
  if (refused > 0) throw new JmapError('set', `${refused} of ${ids.length} refused`);
}
