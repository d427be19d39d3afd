import { z } from 'zod';
import type { AccountContext } from '../account-context.js';
import { parseBlobId } from '../blob/blob-reference.js';
import { loadReferred } from '../blob/load-blob.js';
import { MAIL } from '../capabilities.js';
import { EMAIL_ARGUMENTS, emailOptions } from '../email/email-arguments.js';
import { DEFAULT_PARSED_PROPERTIES, emailObject } from '../email/email-object.js';
import { parsedEmail, type EmailSource } from '../email/email-source.js';
import { JmapError } from '../jmap-error.js';
import type { JsonObject } from '../json.js';
import { accountMethod } from '../method.js';
import { orNull } from '../standard-methods/set.js';

/** Each one is parsed whole. */
const MAX_BLOBS = 50;

/** RFC 8621 §4.9. */
export const emailParse = accountMethod({
  name: 'Email/parse',
  capability: MAIL,
  arguments: { blobIds: z.array(z.string()), ...EMAIL_ARGUMENTS },
  async run(arguments_, account, context) {
    const options = emailOptions(arguments_, DEFAULT_PARSED_PROPERTIES, context);
    if (arguments_.blobIds.length > MAX_BLOBS) throw new JmapError('requestTooLarge', `more than ${MAX_BLOBS} blobs`);
    const budget = { remainingBytes: context.limits.maxBodyValuesBytes };
    const parsed: Record<string, JsonObject> = {};
    const refused: Record<Refusal, string[]> = { notParsable: [], notFound: [] };
    for (const blobId of new Set(arguments_.blobIds)) {
      const source = await sourceOf(blobId, account);
      if (typeof source === 'string') refused[source].push(blobId);
      else parsed[blobId] = await emailObject(source, options, budget);
    }
    return { parsed: orNull(parsed), notParsable: orNull(refused.notParsable), notFound: orNull(refused.notFound) };
  },
});

type Refusal = 'notParsable' | 'notFound';

/** What has no header field at all is not taken for a message. */
async function sourceOf(blobId: string, account: AccountContext): Promise<EmailSource | Refusal> {
  const reference = parseBlobId(blobId);
  const blob = reference && await loadReferred(reference, account);
  if (!reference || !blob) return 'notFound';
  const source = parsedEmail(blob.octets, reference);
  return source.headers.length > 0 ? source : 'notParsable';
}
