// The users' API besides synchronisation, docs/protocol/accounts.md §1 and §2: JSON bodies.

import { z } from 'zod';
import { PROTOCOL_VERSION } from '../protocol-version.js';
import { accountId, base64urlText, epochMs, mailAddress, octetCount, replicaUid } from './fields.js';

export const REGISTRATION_POLICIES = ['open', 'invite', 'closed'] as const;

/** `GET /.well-known/paloma`. */
export const discoveryAnswer = z.object({
  v: z.literal(PROTOCOL_VERSION),
  domain: z.string(),
  apiUrl: z.url(),
  registration: z.enum(REGISTRATION_POLICIES),
  submission: z.object({ host: z.string(), port: z.int().min(1).max(65535), implicitTls: z.literal(true) }),
  limits: z.object({ messageBytes: octetCount }),
});
export type DiscoveryAnswer = z.infer<typeof discoveryAnswer>;

/** `POST /v1/accounts/start`. */
export const accountStartRequest = z.object({ address: mailAddress, registrationRequest: base64urlText });
export type AccountStartRequest = z.infer<typeof accountStartRequest>;
export const accountStartAnswer = z.object({ registrationResponse: base64urlText });
export type AccountStartAnswer = z.infer<typeof accountStartAnswer>;

/** `POST /v1/accounts/finish`. */
export const accountFinishRequest = z.object({ address: mailAddress, registrationRecord: base64urlText, inviteCode: z.string().max(200).optional() });
export type AccountFinishRequest = z.infer<typeof accountFinishRequest>;
export const accountFinishAnswer = z.object({ accountId });
export type AccountFinishAnswer = z.infer<typeof accountFinishAnswer>;

/** The two ways to log in to an account. */
export const CREDENTIAL_KINDS = ['passphrase', 'recovery'] as const;
export const credentialKind = z.enum(CREDENTIAL_KINDS);

/** `POST /v1/sessions/start`. */
export const sessionStartRequest = z.object({ address: mailAddress, credential: credentialKind.default('passphrase'), startLoginRequest: base64urlText });
export type SessionStartRequest = z.infer<typeof sessionStartRequest>;
export const sessionStartAnswer = z.object({ loginId: base64urlText, loginResponse: base64urlText });
export type SessionStartAnswer = z.infer<typeof sessionStartAnswer>;

/** `POST /v1/sessions/finish`. */
export const sessionFinishRequest = z.object({ loginId: base64urlText, finishLoginRequest: base64urlText, replicaUid });
export type SessionFinishRequest = z.infer<typeof sessionFinishRequest>;
export const sessionFinishAnswer = z.object({ token: base64urlText, accountId, expiresAtMs: epochMs });
export type SessionFinishAnswer = z.infer<typeof sessionFinishAnswer>;

/** `GET /v1/sessions/current`. */
export const currentSessionAnswer = z.object({ accountId, addresses: z.array(mailAddress), expiresAtMs: epochMs });
export type CurrentSessionAnswer = z.infer<typeof currentSessionAnswer>;
