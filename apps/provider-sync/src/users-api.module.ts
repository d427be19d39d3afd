import { Module, type DynamicModule } from '@nestjs/common';
import { AccountsController } from './accounts/accounts.controller.js';
import { RegistrationService } from './accounts/registration.service.js';
import { BlobService } from './blobs/blob.service.js';
import { BlobsController } from './blobs/blobs.controller.js';
import { CredentialService } from './credentials/credential.service.js';
import { CredentialsController } from './credentials/credentials.controller.js';
import { DevicesController } from './devices/devices.controller.js';
import { AutoconfigController } from './directory/autoconfig.controller.js';
import { CertificatesController } from './directory/certificates.controller.js';
import { QueryLimit } from './directory/query-limit.js';
import { WebKeyDirectoryController } from './directory/web-key-directory.controller.js';
import { DocumentsController } from './documents/documents.controller.js';
import { EventConnections } from './events/event-connections.js';
import { EventHub } from './events/event-hub.js';
import { EventsController } from './events/events.controller.js';
import { PostgresEventHub } from './events/postgres-event-hub.js';
import { IncomingController } from './incoming/incoming.controller.js';
import { CompactionSchedule } from './replicas/compaction-schedule.js';
import { PushTransactionPruning } from './replicas/push-transaction-pruning.js';
import { TombstoneCompaction } from './replicas/tombstone-compaction.js';
import { LoginProof } from './sessions/login-proof.js';
import { LoginService } from './sessions/login.service.js';
import { SessionsController } from './sessions/sessions.controller.js';
import { SubmissionCertificateService } from './submission-certificates/submission-certificate.service.js';
import { SubmissionCertificatesController } from './submission-certificates/submission-certificates.controller.js';
import { StorageModule, type ProviderParts } from './storage.module.js';
import { VaultController } from './vault/vault.controller.js';

/** What devices and the world reach: docs/protocol/sync.md, docs/protocol/accounts.md. */
@Module({
  controllers: [
    AccountsController, SessionsController, CredentialsController, DevicesController, SubmissionCertificatesController, VaultController, CertificatesController, WebKeyDirectoryController, AutoconfigController,
    DocumentsController, BlobsController, IncomingController, EventsController,
  ],
  providers: [RegistrationService, LoginProof, LoginService, CredentialService, SubmissionCertificateService, BlobService, QueryLimit, EventConnections, { provide: EventHub, useClass: PostgresEventHub }, TombstoneCompaction, PushTransactionPruning, CompactionSchedule],
})
export class UsersApiModule {
  static of(parts: ProviderParts): DynamicModule {
    return { module: UsersApiModule, imports: [StorageModule.of(parts)] };
  }
}
