import type { EmailId } from '@paloma/shared-model';
import type { MailStore } from '@paloma/mail-store/port';
import { MAIL } from '../capabilities.js';
import { EMAIL_ARGUMENTS, emailOptions } from '../email/email-arguments.js';
import { DEFAULT_EMAIL_PROPERTIES, emailObject } from '../email/email-object.js';
import { storedEmail } from '../email/email-source.js';
import { JmapError } from '../jmap-error.js';
import type { JsonObject } from '../json.js';
import type { JmapLimits } from '../limits.js';
import { accountMethod } from '../method.js';
import { GET_ARGUMENTS, requestedIds } from '../standard-methods/get.js';

/** RFC 8621 §4.2. */
export const emailGet = accountMethod({
  name: 'Email/get',
  capability: MAIL,
  arguments: { ...GET_ARGUMENTS, ...EMAIL_ARGUMENTS },
  async run(arguments_, { mailStore }, context) {
    const options = emailOptions(arguments_, DEFAULT_EMAIL_PROPERTIES, context);
    const properties = [...new Set(['id', ...options.properties])];
    const state = await mailStore.state('Email');
    const ids = requestedIds(arguments_.ids, context) ?? await allEmailIds(mailStore, context.limits);
    const records = await mailStore.getEmails(ids as EmailId[]);
    const budget = { remainingBytes: context.limits.maxBodyValuesBytes };
    const list: JsonObject[] = [];
    for (const record of records) list.push(await emailObject(storedEmail(record, mailStore), { ...options, properties }, budget));
    const found = new Set<string>(records.map(({ emailId }) => emailId));
    return { state, list, notFound: ids.filter((id) => !found.has(id)) };
  },
});

/** @throws {JmapError} "requestTooLarge" */
async function allEmailIds(mailStore: MailStore, { maxObjectsInGet }: JmapLimits): Promise<EmailId[]> {
  const { emailIds } = await mailStore.query(null, [], { position: 0, limit: maxObjectsInGet + 1, collapseThreads: false, calculateTotal: false });
  if (emailIds.length > maxObjectsInGet) throw new JmapError('requestTooLarge', `more than ${maxObjectsInGet} objects`);
  return emailIds;
}
