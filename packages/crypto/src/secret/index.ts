// The half of the package that handles secrets. It resolves only under the export condition `paloma-device`
// (docs/decisions/0002-secret-behind-a-condition.md): the provider's programs cannot import it even by mistake.

export { createStorageRoots, StorageKeys, type NameKeys } from './storage-keys.js';
export { openDocument, sealDocument, type DocumentBinding, type DocumentOperation } from './seal-document.js';
export { sealedBlobEpoch, type BlobBinding } from './blob-file.js';
export { sealBlob, sealBlobStream } from './seal-blob.js';
export { openBlob, openBlobStream } from './open-blob.js';
export {
  addPassphraseWrap, adoptProviderVault, createVault, keepPassphraseWraps, openVault, rekeyVault, replaceLoginWrap, replaceRecoveryWrap, resealVault, stripLocalWraps,
  type OpenedVault,
} from './vault.js';
export type { VaultContent } from './vault-format.js';
export type { VaultAccess, VaultKey } from './vault-wraps.js';
export { FULL_STRETCHING, type PassphraseStretching } from './passphrase-stretching.js';
export { createRecoveryCode, formatRecoveryCode, parseRecoveryCode, recoverySecret, type ParsedRecoveryCode, type RecoveryCode } from './recovery-code.js';
export { withOpaqueClient, type OpaqueClient, type OpaqueCredential } from './opaque-client.js';
export type { FinishedLogin, FinishedRegistration } from './opaque-exchange.js';
export { certificateOf, exportSecretKey, generateSecretKey, importSecretKey, renewSecretKey, type GeneratedSecretKey } from './secret-key.js';
export { decryptMessage, type DecryptedMessage } from './decrypt-message.js';
export { encryptAndSign, signDetached } from './sign.js';
