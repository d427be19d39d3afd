// A new passphrase or a new recovery code, docs/protocol/accounts.md §5: JSON bodies.

import { z } from 'zod';
import { credentialKind, sessionFinishAnswer } from './accounts.js';
import { base64urlText, mailAddress, replicaUid } from './fields.js';
import { MAX_VAULT_BYTES } from './services.js';

/** Version of a vault, from its `ETag`. */
export const vaultVersion = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/);

/** `POST /v1/credentials/start`: begins a log-in with the credential `provenBy` and the registration of `credential`. */
export const credentialStartRequest = z.object({
  address: mailAddress,
  provenBy: credentialKind,
  startLoginRequest: base64urlText,
  credential: credentialKind,
  registrationRequest: base64urlText,
});
export type CredentialStartRequest = z.infer<typeof credentialStartRequest>;
export const credentialStartAnswer = z.object({ loginId: base64urlText, loginResponse: base64urlText, registrationResponse: base64urlText });
export type CredentialStartAnswer = z.infer<typeof credentialStartAnswer>;

/** What is changed; all of it is under the proof. */
export const credentialChange = z.object({
  credential: credentialKind,
  registrationRecord: base64urlText,
  /** The recovery code ends too: its wrap is not in the new vault. */
  endsRecovery: z.boolean(),
  replicaUid,
  /** Version of the vault that `vault` was made from. */
  replacedVersion: vaultVersion,
  /** Base64url. */
  vault: z.string().regex(/^[A-Za-z0-9_-]+$/).max(Math.ceil((MAX_VAULT_BYTES * 4) / 3)),
});
export type CredentialChange = z.infer<typeof credentialChange>;

/** `POST /v1/credentials/finish`. `proof`: 43 base64url characters under the session key of the log-in. */
export const credentialFinishRequest = z.object({
  loginId: base64urlText, finishLoginRequest: base64urlText, change: credentialChange, proof: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
});
export type CredentialFinishRequest = z.infer<typeof credentialFinishRequest>;

/** `session`: of the device that changed the passphrase, since all others have ended; null when the passphrase stays. */
export const credentialFinishAnswer = z.object({ vaultVersion, session: sessionFinishAnswer.nullable() });
export type CredentialFinishAnswer = z.infer<typeof credentialFinishAnswer>;
