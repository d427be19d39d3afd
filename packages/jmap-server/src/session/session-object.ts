// The Session object: RFC 8620 §2, RFC 8621 §1.3.

import type { OpenAccount } from '@paloma/mail-store/port';
import type { Access } from '../access.js';
import { CORE, MAIL, PALOMA, SETTINGS, SUBMISSION } from '../capabilities.js';
import { contentDigest } from '../digest.js';
import { EMAIL_SORT_PROPERTIES } from '../email/email-filter.js';
import type { JsonObject } from '../json.js';
import type { JmapLimits } from '../limits.js';

/** Octets of the last level of a mailbox name; the store allows 1000 characters for the path. */
const MAX_MAILBOX_NAME_BYTES = 255;

/** `baseUrl`: scheme, host and port, without a slash at its end. */
export function sessionObject(access: Access, limits: JmapLimits, baseUrl: string): JsonObject & { state: string } {
  const [primaryId] = access.accounts.keys();
  const primaryAccounts = primaryId === undefined ? {} : { [MAIL]: primaryId, [SUBMISSION]: primaryId, [PALOMA]: primaryId, [SETTINGS]: primaryId };
  const session = {
    capabilities: { [CORE]: coreCapability(limits), [MAIL]: {}, [SUBMISSION]: {}, [PALOMA]: {}, [SETTINGS]: {} },
    accounts: Object.fromEntries([...access.accounts].map(([accountId, account]) => [accountId, accountObject(account, limits)])),
    primaryAccounts,
    username: access.username,
    apiUrl: `${baseUrl}/jmap/api`,
    downloadUrl: `${baseUrl}/jmap/download/{accountId}/{blobId}/{name}?accept={type}`,
    uploadUrl: `${baseUrl}/jmap/upload/{accountId}`,
    eventSourceUrl: `${baseUrl}/jmap/events?types={types}&closeafter={closeafter}&ping={ping}`,
  };
  return { ...session, state: contentDigest(session) };
}

function coreCapability(limits: JmapLimits): JsonObject {
  const { maxSizeUpload, maxConcurrentUpload, maxSizeRequest, maxConcurrentRequests, maxCallsInRequest, maxObjectsInGet, maxObjectsInSet } = limits;
  return { maxSizeUpload, maxConcurrentUpload, maxSizeRequest, maxConcurrentRequests, maxCallsInRequest, maxObjectsInGet, maxObjectsInSet, collationAlgorithms: [] };
}

function accountObject({ mailStore, settings }: OpenAccount, limits: JmapLimits): JsonObject {
  const mail = {
    maxMailboxesPerEmail: limits.maxMailboxesPerEmail,
    maxMailboxDepth: null,
    maxSizeMailboxName: MAX_MAILBOX_NAME_BYTES,
    maxSizeAttachmentsPerEmail: limits.maxSizeUpload,
    emailQuerySortOptions: EMAIL_SORT_PROPERTIES,
    mayCreateTopLevelMailbox: true,
  };
  const submission = { maxDelayedSend: limits.maxDelayedSend, submissionExtensions: { DSN: [], FUTURERELEASE: [] } };
  const accountCapabilities = { [MAIL]: mail, [SUBMISSION]: submission, [PALOMA]: {}, ...(settings && { [SETTINGS]: settings.mailProgramServers }) };
  return { name: mailStore.address, isPersonal: true, isReadOnly: false, accountCapabilities };
}
