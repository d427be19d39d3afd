import { readFileSync } from 'node:fs';
import type { ListenerConfiguration } from '../config/configuration.js';
import { StartError } from '@paloma/provider-runtime';

export interface ListenerTls {
  cert: Buffer;
  key: Buffer;
}

/** Certificate and key of a listener; `null` where none is configured. @throws {StartError} "filesUnusable" */
export function loadListenerTls({ tlsCertFile, tlsKeyFile }: ListenerConfiguration): ListenerTls | null {
  if (tlsCertFile === undefined || tlsKeyFile === undefined) return null;
  try {
    return { cert: readFileSync(tlsCertFile), key: readFileSync(tlsKeyFile) };
  } catch (cause) {
    throw new StartError('filesUnusable', `the TLS files ${tlsCertFile} and ${tlsKeyFile} cannot be read`, { cause });
  }
}
