import { Global, Module, type DynamicModule } from '@nestjs/common';
import type { Clock, RandomSource, Redacted } from '@paloma/shared-model';
import type { Pseudonyms } from '@paloma/provider-runtime';
import type { DataSource } from 'typeorm';
import { AccountRepository } from './accounts/account.repository.js';
import { TypeormAccountRepository } from './accounts/typeorm-account.repository.js';
import { BlobDirectory } from './blobs/blob-directory.js';
import { BlobRepository } from './blobs/blob.repository.js';
import { TypeormBlobRepository } from './blobs/typeorm-blob.repository.js';
import type { Configuration } from './config/configuration.js';
import { CredentialRepository } from './credentials/credential.repository.js';
import { TypeormCredentialRepository } from './credentials/typeorm-credential.repository.js';
import { Database } from './database/database.js';
import { DeviceRepository } from './devices/device.repository.js';
import { TypeormDeviceRepository } from './devices/typeorm-device.repository.js';
import { CertificateRepository } from './directory/certificate.repository.js';
import { TypeormCertificateRepository } from './directory/typeorm-certificate.repository.js';
import { DocumentLog } from './documents/document-log.js';
import { TypeormDocumentLog } from './documents/typeorm-document-log.js';
import { IncomingBox } from './incoming/incoming-box.js';
import { TypeormIncomingBox } from './incoming/typeorm-incoming-box.js';
import { CLOCK, CONFIGURATION, OPAQUE_SETUP, RANDOM, SERVICE_TOKENS, SUBMISSION_AUTHORITY } from './injection-tokens.js';
import { Log } from './logging/log.js';
import { Metrics } from './metrics/metrics.js';
import { ReplicaProgress } from './replicas/replica-progress.js';
import { TypeormReplicaProgress } from './replicas/typeorm-replica-progress.js';
import { LoginRepository, SessionRepository } from './sessions/session.repository.js';
import { SessionService } from './sessions/session.service.js';
import { TypeormLoginRepository } from './sessions/typeorm-login.repository.js';
import { TypeormSessionRepository } from './sessions/typeorm-session.repository.js';
import { VaultRepository } from './vault/vault.repository.js';
import type { SubmissionAuthority } from './submission-certificates/submission-authority.js';
import { SubmissionCertificateRepository } from './submission-certificates/submission-certificate.repository.js';
import { TypeormSubmissionCertificateRepository } from './submission-certificates/typeorm-submission-certificate.repository.js';
import { TypeormVaultRepository } from './vault/typeorm-vault.repository.js';

/** What both listeners of a process share. Whoever made the parts ends them. */
export interface ProviderParts {
  configuration: Configuration;
  dataSource: DataSource;
  blobDirectory: BlobDirectory;
  opaqueSetup: Redacted<string>;
  serviceTokens: Redacted<readonly string[]>;
  submissionAuthority: SubmissionAuthority;
  clock: Clock;
  random: RandomSource;
  log: Log;
  metrics: Metrics;
  pseudonyms: Pseudonyms;
}

/** Ports and their adapters: the one place that knows which technology stands behind each. */
const ADAPTERS = [
  { provide: AccountRepository, useClass: TypeormAccountRepository },
  { provide: SessionRepository, useClass: TypeormSessionRepository },
  { provide: LoginRepository, useClass: TypeormLoginRepository },
  { provide: CredentialRepository, useClass: TypeormCredentialRepository },
  { provide: DeviceRepository, useClass: TypeormDeviceRepository },
  { provide: VaultRepository, useClass: TypeormVaultRepository },
  { provide: DocumentLog, useClass: TypeormDocumentLog },
  { provide: ReplicaProgress, useClass: TypeormReplicaProgress },
  { provide: BlobRepository, useClass: TypeormBlobRepository },
  { provide: IncomingBox, useClass: TypeormIncomingBox },
  { provide: CertificateRepository, useClass: TypeormCertificateRepository },
  { provide: SubmissionCertificateRepository, useClass: TypeormSubmissionCertificateRepository },
];

@Global()
@Module({})
export class StorageModule {
  static of(parts: ProviderParts): DynamicModule {
    const providers = [
      { provide: CONFIGURATION, useValue: parts.configuration },
      { provide: OPAQUE_SETUP, useValue: parts.opaqueSetup },
      { provide: SERVICE_TOKENS, useValue: parts.serviceTokens },
      { provide: SUBMISSION_AUTHORITY, useValue: parts.submissionAuthority },
      { provide: CLOCK, useValue: parts.clock },
      { provide: RANDOM, useValue: parts.random },
      { provide: Log, useValue: parts.log },
      { provide: Metrics, useValue: parts.metrics },
      { provide: BlobDirectory, useValue: parts.blobDirectory },
      { provide: Database, useValue: new Database(parts.dataSource) },
      ...ADAPTERS,
      SessionService,
    ];
    return { module: StorageModule, providers, exports: providers };
  }
}
