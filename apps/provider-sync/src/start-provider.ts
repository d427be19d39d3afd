import type { DataSource } from 'typeorm';
import { Pseudonyms } from '@paloma/provider-runtime';
import { opaqueReady, systemRandom } from '@paloma/crypto/public';
import { systemClock, type Clock, type RandomSource } from '@paloma/shared-model';
import { DiskBlobDirectory } from './blobs/disk-blob-directory.js';
import type { Configuration } from './config/configuration.js';
import { loadOpaqueSetup, loadServiceTokens } from './config/secret-files.js';
import { connectDatabase } from './database/connect.js';
import { listen, type Listener } from './http/listener.js';
import type { Log } from './logging/log.js';
import { Metrics } from './metrics/metrics.js';
import { ServicesApiModule } from './services-api.module.js';
import type { ProviderParts } from './storage.module.js';
import { SubmissionAuthority } from './submission-certificates/submission-authority.js';
import { UsersApiModule } from './users-api.module.js';

export interface Provider {
  ports: { users: number; services: number };
  /** Ends both listeners, then the database connections. */
  stop(): Promise<void>;
}

/** Time and randomness come from outside in tests. */
export interface Surroundings {
  log: Log;
  clock?: Clock;
  random?: RandomSource;
}

/** Starts both listeners of one process on one database. @throws {StartError} */
export async function startProvider(configuration: Configuration, surroundings: Surroundings): Promise<Provider> {
  await opaqueReady();
  const { domain, stateDirectory, services } = configuration;
  const secrets = {
    opaqueSetup: loadOpaqueSetup(stateDirectory), serviceTokens: loadServiceTokens(services.tokenFile), submissionAuthority: SubmissionAuthority.load(stateDirectory, domain),
  };
  const dataSource = await connectDatabase(configuration.databaseUrl);
  const { log, clock = systemClock, random = systemRandom } = surroundings;
  const blobDirectory = new DiskBlobDirectory(configuration.blobDirectory, random);
  const metrics = new Metrics(dataSource);
  log.observer = metrics;
  const pseudonyms = new Pseudonyms({ clock, random, ...configuration.logging });
  const listeners = await startListeners({ configuration, dataSource, blobDirectory, ...secrets, log, metrics, pseudonyms, clock, random });
  return {
    ports: { users: listeners.users.port, services: listeners.services.port },
    stop: () => stop(dataSource, [listeners.users, listeners.services]),
  };
}

async function startListeners(parts: ProviderParts): Promise<{ users: Listener; services: Listener }> {
  const started: Listener[] = [];
  try {
    const users = await listen(UsersApiModule.of(parts), parts.configuration.users, parts.log, parts.pseudonyms);
    started.push(users);
    return { users, services: await listen(ServicesApiModule.of(parts), parts.configuration.services, parts.log, parts.pseudonyms) };
  } catch (error) {
    await stop(parts.dataSource, started);
    throw error;
  }
}

async function stop(dataSource: DataSource, listeners: readonly Listener[]): Promise<void> {
  await Promise.all(listeners.map((listener) => listener.close()));
  await dataSource.destroy();
}
