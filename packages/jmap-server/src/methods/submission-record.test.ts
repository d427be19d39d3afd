import { expect, test } from '@jest/globals';
import { parseEmailId, parseIdentityId, parseSubmissionId } from '@paloma/shared-model';
import type { SubmittedRecipient } from '@paloma/mail-store/port';
import { submissionRecord } from './submission-record.js';

const recipient = (state: SubmittedRecipient['state'], lastReply: string): SubmittedRecipient => ({ forwardPath: `${state}@example.net`, state, lastReply, protection: 'signedOnly' });

test('what became of each recipient, and the notices that told of it', () => {
  const record = submissionRecord({
    submissionId: parseSubmissionId('S1'), emailId: parseEmailId('E1'), identityId: parseIdentityId('primary'), reversePath: 'alice@example.org', sendAtMs: 0, undoStatus: 'final',
    recipients: [recipient('waiting', ''), recipient('sent', '250 taken'), recipient('delivered', '250 there'), recipient('refused', '550 5.1.1 nobody')],
    noticeEmailIds: [parseEmailId('N1'), parseEmailId('N2')],
  });
  expect(record['deliveryStatus']).toEqual({
    'waiting@example.net': { delivered: 'queued', smtpReply: '', displayed: 'unknown' },
    'sent@example.net': { delivered: 'unknown', smtpReply: '250 taken', displayed: 'unknown' },
    'delivered@example.net': { delivered: 'yes', smtpReply: '250 there', displayed: 'unknown' },
    'refused@example.net': { delivered: 'no', smtpReply: '550 5.1.1 nobody', displayed: 'unknown' },
  });
  expect(record['dsnBlobIds']).toEqual(['m-N1', 'm-N2']);
});
