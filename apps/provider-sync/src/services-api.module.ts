import { Module, type DynamicModule } from '@nestjs/common';
import { DeliveryService } from './incoming/delivery.service.js';
import { MetricsController } from './metrics/metrics.controller.js';
import { HealthController } from './services/health.controller.js';
import { ServicesController } from './services/services.controller.js';
import { SubmissionCertificateService } from './submission-certificates/submission-certificate.service.js';
import { StorageModule, type ProviderParts } from './storage.module.js';

/** What provider-mx reaches: docs/protocol/services-api.md. Nothing of the users' API answers here. */
@Module({ controllers: [HealthController, MetricsController, ServicesController], providers: [DeliveryService, SubmissionCertificateService] })
export class ServicesApiModule {
  static of(parts: ProviderParts): DynamicModule {
    return { module: ServicesApiModule, imports: [StorageModule.of(parts)] };
  }
}
