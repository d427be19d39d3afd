// An Email that a client creates, RFC 8621 §4.6: from its properties to what the store appends.

import { composeMessage, concatOctets } from '@paloma/mail-format';
import { domainOf, type MailboxId } from '@paloma/shared-model';
import type { AppendInput } from '@paloma/mail-store/port';
import type { AccountContext } from '../account-context.js';
import type { JsonObject } from '../json.js';
import type { MethodContext } from '../method.js';
import { done, invalidProperties, refuse, type SetOutcome } from '../standard-methods/set-error.js';
import { parseUtcDate } from '../utc-date.js';
import { headerPropertyNamed } from './header-property.js';
import { keywordSet } from './keyword.js';
import { parseMailboxIdSet } from './mailbox-id-set.js';
import { BODY_PROPERTIES, parseNewBody, type NewEmailBody } from './new-email-body.js';
import { parseNewHeaders, type NewEmailHeaders } from './new-email-headers.js';

const FILING_PROPERTIES = ['mailboxIds', 'keywords', 'receivedAt'];

export async function composeNewEmail(object: JsonObject, account: AccountContext, context: MethodContext): Promise<SetOutcome<AppendInput>> {
  const unknown = Object.keys(object).filter((name) => !FILING_PROPERTIES.includes(name) && !BODY_PROPERTIES.includes(name) && !headerPropertyNamed(name));
  if (unknown.length > 0) return invalidProperties(...unknown);
  const filing = parseFiling(object, context);
  if (!filing.ok) return filing;
  const headers = parseNewHeaders(object);
  if (!headers.ok) return invalidProperties(...headers.invalid);
  const body = await parseNewBody(object, account);
  if (!body.ok) return body;
  return done({ octets: writeMessage(headers.headers, body.value, account, context), ...filing.value });
}

/** `mailboxIds`, `keywords` and `receivedAt`, which Email/import has too. */
export function parseFiling(object: JsonObject, { creationIds, limits }: MethodContext): SetOutcome<Omit<AppendInput, 'octets'> & { mailboxIds: MailboxId[] }> {
  const mailboxIds = parseMailboxIdSet(object['mailboxIds'], creationIds);
  const keywords = keywordSet.safeParse(object['keywords'] ?? {});
  const receivedAt = object['receivedAt'] ?? null;
  const receivedAtMs = typeof receivedAt === 'string' ? parseUtcDate(receivedAt) : null;
  if (mailboxIds === null) return invalidProperties('mailboxIds');
  if (mailboxIds.length > limits.maxMailboxesPerEmail) return refuse('tooManyMailboxes');
  if (!keywords.success) return invalidProperties('keywords');
  if (receivedAt !== null && receivedAtMs === null) return invalidProperties('receivedAt');
  return done({ mailboxIds, keywords: keywords.data, ...(receivedAtMs === null ? {} : { receivedAtMs }) });
}

function writeMessage({ composed, furtherFields }: NewEmailHeaders, body: NewEmailBody, { mailStore }: AccountContext, { clock, random }: MethodContext): Uint8Array {
  const newToken = (): string => Buffer.from(random.bytes(18)).toString('hex');
  const defaults = { from: [], to: [], subject: '', date: clock.nowMs(), messageId: `${newToken()}@${domainOf(mailStore.address)}` };
  const message = composeMessage({ ...defaults, ...composed, ...body }, newToken);
  return concatOctets([new TextEncoder().encode(furtherFields), message]);
}
