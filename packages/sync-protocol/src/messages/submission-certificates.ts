// TLS certificates by which programs submit mail, docs/protocol/accounts.md §7: JSON bodies.

import { z } from 'zod';
import { base64urlText, epochMs, replicaUid } from './fields.js';

/** Names a certificate within its account, and is its serial number: 22 base64url characters. */
export const submissionCertificateId = z.string().regex(/^[A-Za-z0-9_-]{22}$/);

/** `POST /v1/submission-certificates`. `publicKey`: DER SubjectPublicKeyInfo in base64url. */
export const newSubmissionCertificateRequest = z.object({ publicKey: base64urlText });
export type NewSubmissionCertificateRequest = z.infer<typeof newSubmissionCertificateRequest>;
/** `certificate`: DER in base64url. */
export const newSubmissionCertificateAnswer = z.object({ certificateId: submissionCertificateId, certificate: base64urlText, expiresAtMs: epochMs });
export type NewSubmissionCertificateAnswer = z.infer<typeof newSubmissionCertificateAnswer>;

/** `GET /v1/submission-certificates`: those that hold, the oldest first. */
export const submissionCertificateListAnswer = z.object({
  certificates: z.array(z.object({
    certificateId: submissionCertificateId,
    /** The device that asked for it. */
    replicaUid,
    createdAtMs: epochMs,
    expiresAtMs: epochMs,
  })),
});
export type SubmissionCertificateListAnswer = z.infer<typeof submissionCertificateListAnswer>;
