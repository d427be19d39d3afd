export type * from './document-store.js';
export { StoreError, type LocalErrorCode, type StoreErrorCode } from './store-error.js';
export { LocalDocumentStore, newReplicaUid, openDocumentStore, type OpenDocumentStoreOptions } from './local/local-document-store.js';
export { MAX_DOCUMENT_BYTES } from './local/document-content.js';
export type { DatabaseCipher } from './local/encrypted-database.js';
export type { BlobSource } from './local/blob-fetcher.js';
export type { BlobPart, BlobPartRequest } from './local/blob-download.js';
export type { BlobStatus } from './local/blob-status.js';
export type { ObservableState } from './observable-state.js';
export type { SetAsideDocument, SetAsideReason } from './local/set-aside-table.js';
export { systemScheduler, type Scheduler } from './scheduler.js';
export { BackOff } from './provider/back-off.js';
export { ProviderConnection, type ProviderConnectionOptions } from './provider/provider-connection.js';
export { HttpsSyncTransport } from './provider/https-sync-transport.js';
export { MemoryProvider } from './provider/memory-provider.js';
export type { BlobOutcome, ProviderEvents, PullPage, SyncTransport } from './provider/sync-transport.js';
export { isLongSilent, startAfresh } from './sync/start-afresh.js';
export { SyncEngine, type SyncEngineOptions } from './sync/sync-engine.js';
export type { Merger, Mergers } from './sync/merge.js';
export type { SyncFailure, SyncReport } from './sync/sync-report.js';
export type { SyncStatusSource } from './sync/sync-status.js';
export { EventStream, type EventStreamParts } from './provider/event-stream.js';
export { AccountsClient, type Credentials, type Login, type LoginOutcome, type LoginRefusal, type SignUpOutcome, type SignUpRefusal } from './provider/accounts-client.js';
export { VaultClient, type StoredVault } from './provider/vault-client.js';
export { IncomingBoxClient } from './provider/incoming-box-client.js';
export { CertificateClient } from './provider/certificate-client.js';
export {
  AccountVault, type AccountVaultOptions, type LockOutOutcome, type AccountChangeStep, type PassphraseChangeOutcome, type RecoveryCodeOutcome, type RefreshOutcome,
  type RotationOutcome, type SignedIn, type SignInOutcome, type SignUpAccountOutcome, type VaultRefusal,
} from './account/account-vault.js';
export type { UnlockedAccount, UnlockOutcome } from './account/local-vault.js';
export { CredentialClient, type CredentialChangeRefusal } from './provider/credential-client.js';
export { DeviceClient } from './provider/device-client.js';
export { SubmissionCertificateClient } from './provider/submission-certificate-client.js';
export { loadSecrets, saveSecrets, type Secrets } from './account/secrets-file.js';
export { Resealing, type ResealingOutcome, type ResealingParts, type ResealingProgress } from './resealing/resealing.js';
export { Retirement, RETIREMENT_DELAY_MS, type RetirementOutcome, type RetirementParts } from './resealing/retirement.js';
export { BlobReplacementClient } from './resealing/blob-replacement-client.js';
export { EpochLearningTransport, type EpochLearningParts } from './resealing/epoch-learning-transport.js';
