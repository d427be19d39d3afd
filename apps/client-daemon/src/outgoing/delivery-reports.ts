// What notices (RFC 3464) tell of our submissions, RFC 8621 §7. Anybody can write a notice, so one is believed only about who gets the copy
// whose envelope id it names: that is random and goes to the hosts of this copy alone. What it says is shown and does nothing:
// nobody is sent to or left out because of it, and what was once said for good stays.

import { MAX_LISTED_NOTICES, type DeliveryReportDocument, type EmailId, type ReportedOutcome, type SubmissionRecipient } from '@paloma/shared-model';
import type { LocalDocumentStore } from '@paloma/document-store';
import type { ReadDeliveryStatus, ReportedRecipient } from '@paloma/mail-format';
import { isSameAddress } from '../mail-address-or-null.js';
import { envelopeIdFor } from './notifications-about.js';
import type { SubmissionRecords } from './submission-records.js';

/** Of what a foreign host said, as much as a user reads. */
const MAX_REPLY_CHARS = 500;

export interface ArrivedNotice {
  notice: ReadDeliveryStatus;
  /** As which it was filed; null when the user has destroyed that. */
  emailId: EmailId | null;
  receivedAtMs: number;
}

export class DeliveryReports {
  constructor(private readonly store: LocalDocumentStore, private readonly records: SubmissionRecords) {}

  /** null: no notice has come. */
  find(submissionId: string): DeliveryReportDocument | null {
    return this.store.get('delivery-report', submissionId)?.content ?? null;
  }

  /** Takes down what it says about recipients of ours; a notice about anything else changes nothing. On disk when the call returns. */
  record(arrived: ArrivedNotice): void {
    const { envelopeId, recipients } = arrived.notice;
    const submission = envelopeId === null ? null : this.records.findByEnvelopeId(envelopeId);
    if (!submission) return;
    const ofThisCopy = submission.recipients.filter((recipient) => envelopeIdFor(submission, recipient) === envelopeId);
    const told = new Map(recipients.flatMap((reported) => entryAbout(reported, ofThisCopy)));
    if (told.size === 0) return;
    const known = this.find(submission.submissionId) ?? { submissionId: submission.submissionId, outcomes: {}, notices: [] };
    const report = { ...known, outcomes: { ...finalOutcomes(told), ...known.outcomes }, notices: withNotice(known.notices, arrived) };
    this.store.transact((transaction) => transaction.put('delivery-report', report.submissionId, report), { durable: true });
  }
}

/** RFC 3464 §2.3.1: the original recipient is the one we know; a host that was not told it names the final one alone. */
function entryAbout(reported: ReportedRecipient, recipients: readonly SubmissionRecipient[]): [forwardPath: string, reported: ReportedRecipient][] {
  const original = reported.originalRecipient?.replace(/^[^;]*;/, '') ?? reported.finalRecipient;
  const concerned = recipients.find(({ originalRecipient }) => originalRecipient !== undefined && originalRecipient === reported.originalRecipient)
    ?? recipients.find(({ forwardPath }) => isSameAddress(forwardPath, original))
    ?? recipients.find(({ forwardPath }) => isSameAddress(forwardPath, reported.finalRecipient));
  return concerned ? [[concerned.forwardPath, reported]] : [];
}

/** RFC 8621 §7: "delivered" and "failed" are answers; any other notice is none. */
function finalOutcomes(told: ReadonlyMap<string, ReportedRecipient>): Record<string, ReportedOutcome> {
  return Object.fromEntries([...told].flatMap(([forwardPath, { action, status, diagnostic }]) => {
    if (action !== 'delivered' && action !== 'failed') return [];
    const reply = (diagnostic ?? status).replace(/\p{Cc}+/gu, ' ').slice(0, MAX_REPLY_CHARS);
    return [[forwardPath, { outcome: action, reply }]];
  }));
}

function withNotice(notices: DeliveryReportDocument['notices'], { emailId, receivedAtMs }: ArrivedNotice): DeliveryReportDocument['notices'] {
  const isListed = emailId === null || notices.some((listed) => listed.emailId === emailId);
  return isListed || notices.length === MAX_LISTED_NOTICES ? notices : [...notices, { emailId, receivedAtMs }];
}
