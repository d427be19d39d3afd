// `this.haraka_require('name')` of a plugin: parts of Haraka by the names of its source files.

import { createRequire } from 'node:module';
import { noOutbound } from './no-outbound.js';

const requireHere = createRequire(import.meta.url);

/** File of Haraka → the library of Haraka's that holds the same thing. */
const LIBRARIES: Readonly<Record<string, string>> = {
  address: '@haraka/email-address',
  config: 'haraka-config',
  constants: 'haraka-constants',
  dsn: 'haraka-dsn',
  message: 'haraka-email-message',
  net_utils: 'haraka-net-utils',
  notes: 'haraka-notes',
  result_store: 'haraka-results',
  utils: 'haraka-utils',
};

export function harakaRequire(name: string): unknown {
  const part = name.replace(/^\.\//, '');
  if (part === 'outbound') return noOutbound;
  const library = LIBRARIES[part];
  if (library === undefined) throw new Error(`haraka-host has no "${name}" for plugins`);
  return requireHere(library);
}
