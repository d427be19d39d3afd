import type { Identity } from '@paloma/mail-store/port';
import type { AccountContext } from '../account-context.js';
import type { IdentifiedRecord } from '../standard-methods/record-history.js';

export const IDENTITY_PROPERTIES = ['id', 'name', 'email', 'replyTo', 'bcc', 'textSignature', 'htmlSignature', 'mayDelete'] as const;

/** The Identity objects of an account, RFC 8621 §6. */
export async function identityRecords({ account }: AccountContext): Promise<IdentifiedRecord[]> {
  return (await account.submissions.identities()).map(identityRecord);
}

function identityRecord({ identityId, name, address, textSignature }: Identity): IdentifiedRecord {
  return { id: identityId, name, email: address, replyTo: null, bcc: null, textSignature, htmlSignature: '', mayDelete: false };
}
