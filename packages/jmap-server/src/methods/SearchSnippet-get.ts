import { decodeHeaderText, findField, parseHeaderBlock, readableText, selectBodyParts } from '@paloma/mail-format';
import { z } from 'zod';
import type { EmailId } from '@paloma/shared-model';
import { MailStoreError, type EmailRecord, type MailStore } from '@paloma/mail-store/port';
import { MAIL } from '../capabilities.js';
import { parseEmailFilter } from '../email/email-filter.js';
import { markAll, markedPiece, searchTerms } from '../email/search-snippet.js';
import type { JsonObject } from '../json.js';
import { accountMethod } from '../method.js';
import { requestedIds } from '../standard-methods/get.js';
import { JSON_OBJECT, orNull } from '../standard-methods/set.js';

/** Octets of a body, and characters of its text, that are looked through for what to show. */
const MAX_SEARCHED_BYTES = 64 * 1024;

/** RFC 8621 §5.1. */
export const searchSnippetGet = accountMethod({
  name: 'SearchSnippet/get',
  capability: MAIL,
  arguments: { filter: JSON_OBJECT.nullish(), emailIds: z.array(z.string()) },
  async run({ filter, emailIds }, { mailStore }, context) {
    const terms = searchTerms(parseEmailFilter(filter, context.limits.maxFilterDepth));
    const ids = requestedIds(emailIds, context) ?? [];
    const records = await mailStore.getEmails(ids as EmailId[]);
    const list: JsonObject[] = [];
    for (const record of records) {
      const subject = markAll(subjectOf(record), terms.subject);
      const preview = terms.body.length > 0 ? markedPiece(await textOf(record, mailStore), terms.body) : null;
      list.push({ emailId: record.emailId, subject, preview });
    }
    const found = new Set<string>(records.map(({ emailId }) => emailId));
    return { list, notFound: orNull(ids.filter((id) => !found.has(id))) };
  },
});

function subjectOf({ headerBlock }: EmailRecord): string {
  return decodeHeaderText(findField(parseHeaderBlock(headerBlock), 'Subject')?.text ?? '');
}

/** The first text of the email, or its preview when the text is not on this device. */
async function textOf(record: EmailRecord, mailStore: MailStore): Promise<string> {
  const [part] = selectBodyParts(record.rootPart).textBody;
  if (!part || part.bodyBytes === 0) return record.preview;
  try {
    const length = Math.min(part.bodyBytes, MAX_SEARCHED_BYTES);
    const body = await mailStore.loadMessageBytes(record.emailId, { offset: part.bodyOffset, length });
    return body ? readableText(body, { ...part, bodyOffset: 0, bodyBytes: body.length }, record.rootPart, MAX_SEARCHED_BYTES) : record.preview;
  } catch (error) {
    if (error instanceof MailStoreError && error.code === 'contentUnavailable') return record.preview;
    throw error;
  }
}
