import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { getDataSourceToken } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { systemRandom } from '@paloma/crypto/public';
import { Pseudonyms } from '@paloma/provider-runtime';
import { systemClock, type Clock, type RandomSource } from '@paloma/shared-model';
import { SenderAuthentication } from './authentication/sender-authentication.js';
import type { Configuration } from './config/configuration.js';
import type { Secrets } from './config/secret-files.js';
import { DkimSigner } from './dkim/dkim-signer.js';
import { IncomingDelivery } from './incoming/incoming-delivery.js';
import { MxListener } from './incoming/mx-listener.js';
import { Reception } from './incoming/reception.js';
import { TrafficLimits } from './incoming/traffic-limits.js';
import { CLOCK, CONFIGURATION, DELIVERY_KEY, DKIM_KEYS, MAIL_EXCHANGER_RESOLVER, NETWORK, OUTGOING_QUEUE, QUEUE_KEY, RANDOM, RELAY, SERVICE_TOKEN, SERVICES_API, TLS_RESULTS } from './injection-tokens.js';
import { LmtpListener } from './lmtp/lmtp-listener.js';
import { Log } from './logging/log.js';
import { Metrics } from './metrics/metrics.js';
import { MetricsListener } from './metrics/metrics-listener.js';
import { DnsMailExchangerResolver } from './outgoing/mail-exchanger-resolver.js';
import { OutgoingDelivery } from './outgoing/outgoing-delivery.js';
import { OutgoingWorker } from './outgoing/outgoing-worker.js';
import { PostgresOutgoingQueue } from './outgoing/postgres-outgoing-queue.js';
import { Router } from './outgoing/route.js';
import { SmtpRelay } from './outgoing/smtp-relay.js';
import { SuppressionList } from './outgoing/suppression-list.js';
import { HttpServicesApi } from './services-api/http-services-api.js';
import { MxPlugins } from './plugins/mx-plugins.js';
import { ByteBudget } from './smtp/byte-budget.js';
import { LookupTables } from './socketmap/lookup-tables.js';
import { SocketmapListener } from './socketmap/socketmap-listener.js';
import { SubmissionListener } from './submission/submission-listener.js';
import { SubmissionUsage } from './submission/submission-usage.js';
import { PostgresTlsResults } from './tls-reports/postgres-tls-results.js';
import { ReportRequests } from './tls-reports/report-requests.js';
import { TlsReporter } from './tls-reports/tls-reporter.js';
import { DanePolicy } from './transport-security/dane-policy.js';
import { MtaStsPolicies } from './transport-security/mta-sts-policies.js';
import { NETWORK_CONVENTIONS } from './transport-security/network-conventions.js';
import { TransportPolicy } from './transport-security/transport-policy.js';

@Module({})
export class AppModule {
  /** `replaced`: providers that stand in for those of the same token; tests bring their clock, random source and DNS. */
  static with(configuration: Configuration, secrets: Secrets, dataSource: DataSource, log: Log, replaced: readonly Provider[] = []): DynamicModule {
    return {
      module: AppModule,
      providers: [
        { provide: CONFIGURATION, useValue: configuration },
        { provide: getDataSourceToken(), useValue: dataSource },
        { provide: Log, useValue: log },
        { provide: CLOCK, useValue: systemClock },
        { provide: RANDOM, useValue: systemRandom },
        { provide: DELIVERY_KEY, useValue: secrets.deliveryKey },
        { provide: QUEUE_KEY, useValue: secrets.queueKey },
        { provide: DKIM_KEYS, useValue: secrets.dkimKeys },
        { provide: SERVICE_TOKEN, useValue: secrets.serviceToken },
        { provide: Pseudonyms, useFactory: (clock: Clock, random: RandomSource) => new Pseudonyms({ clock, random, ...configuration.logging }), inject: [CLOCK, RANDOM] },
        { provide: ByteBudget, useFactory: () => new ByteBudget(configuration.maxBytesInFlight) },
        { provide: SERVICES_API, useClass: HttpServicesApi },
        { provide: NETWORK, useValue: NETWORK_CONVENTIONS },
        { provide: MAIL_EXCHANGER_RESOLVER, useClass: DnsMailExchangerResolver },
        { provide: RELAY, useClass: SmtpRelay },
        { provide: OUTGOING_QUEUE, useClass: PostgresOutgoingQueue },
        SenderAuthentication,
        IncomingDelivery,
        Reception,
        TrafficLimits,
        MxPlugins,
        MxListener,
        LmtpListener,
        LookupTables,
        SocketmapListener,
        DkimSigner,
        SubmissionListener,
        ReportRequests,
        { provide: TLS_RESULTS, useClass: PostgresTlsResults },
        TlsReporter,
        DanePolicy,
        MtaStsPolicies,
        TransportPolicy,
        Router,
        OutgoingDelivery,
        Metrics,
        MetricsListener,
        SuppressionList,
        SubmissionUsage,
        OutgoingWorker,
        ...replaced,
      ],
    };
  }
}
