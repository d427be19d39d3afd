/** Ids that one References field may name; threads beyond that are cut, RFC 5322 §3.6.4 sets no bound. */
export const MAX_MESSAGE_IDS = 500;

/** Message ids of Message-ID, In-Reply-To or References (RFC 5322 §3.6.4), without their angle brackets, in order. */
export function parseMessageIdList(text: string): string[] {
  const ids: string[] = [];
  for (const match of text.matchAll(/<([^<>]{1,998})>/g)) {
    const id = (match[1] ?? '').replace(/\s/g, '');
    if (id !== '') ids.push(id);
    if (ids.length === MAX_MESSAGE_IDS) break;
  }
  return ids;
}

/** The first message id of a text, without angle brackets; a bare one is taken too. */
export function parseMessageId(text: string): string | null {
  const bare = /^[^\s<>]{1,998}$/.exec(text.trim());
  return parseMessageIdList(text)[0] ?? bare?.[0] ?? null;
}
