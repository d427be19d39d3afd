// Holds the import table of DESIGN.md ("Who may import whom"): fails on an import that the table does not allow, on a
// path that leaves its own package, and on a workspace that declares a forbidden dependency.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** workspace → our packages it may import; `node` says whether it may use Node's own modules. */
const TABLE = {
  'packages/shared-model': { may: [], node: false },
  'packages/crypto': { may: ['shared-model'], node: true },
  'packages/mail-format': { may: ['shared-model'], node: false },
  'packages/sync-protocol': { may: ['shared-model'], node: true },
  'packages/document-store': { may: ['shared-model', 'crypto/public', 'crypto/secret', 'sync-protocol'], node: true },
  'packages/keyring': { may: ['shared-model', 'crypto/public', 'crypto/secret', 'document-store', 'mail-format'], node: true },
  'packages/mail-store': { may: ['shared-model', 'crypto/public', 'crypto/secret', 'document-store', 'mail-format'], node: true },
  'packages/imap-server': { may: ['shared-model', 'mail-format', 'mail-store/port'], node: true },
  'packages/jmap-server': { may: ['shared-model', 'mail-format', 'mail-store/port'], node: true },
  'packages/embedded-postgres': { may: [], node: true },
  'packages/provider-runtime': { may: [], node: true },
  'packages/smtp-listener': { may: ['shared-model', 'mail-format'], node: true },
  'packages/haraka-host': { may: ['smtp-listener'], node: true },
  'packages/test-kit': { may: ['shared-model'], node: true },
  'packages/reference-deployment': { may: ['shared-model', 'embedded-postgres'], node: true },
  'apps/provider-sync': { may: ['provider-runtime', 'shared-model', 'sync-protocol', 'crypto/public'], node: true },
  'apps/provider-mx': { may: ['provider-runtime', 'haraka-host', 'smtp-listener', 'shared-model', 'sync-protocol', 'crypto/public', 'mail-format'], node: true },
  'apps/client-daemon': { may: ['shared-model', 'crypto/public', 'crypto/secret', 'mail-format', 'sync-protocol', 'document-store', 'keyring', 'mail-store', 'mail-store/port', 'imap-server', 'jmap-server', 'smtp-listener', 'web-ua/directory'], node: true },
  'apps/web-ua': { may: ['shared-model'], node: false },
  e2e: { may: ['shared-model', 'reference-deployment', 'embedded-postgres', 'sync-protocol', 'mail-store/port'], node: true },
};
/** Tests may also use these. */
const IN_TESTS = ['test-kit', 'test-kit/name-server', 'embedded-postgres', 'mail-store/memory', 'mail-store/contract', 'jmap-server', 'web-ua/directory', 'document-store', 'document-store/contract'];
/** What the provider's programs must not even declare. */
const NEVER_ON_THE_PROVIDER = ['document-store', 'keyring', 'mail-store', 'imap-server', 'jmap-server'];

const IMPORT = /(?:^|[\s;])(?:import|export)\s[^'"`;]*?from\s*['"]([^'"]+)['"]|(?:^|[\s;])import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/g;

function* sourceFiles(directory) {
  if (!existsSync(directory)) return;
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) yield* sourceFiles(path);
    else if (/\.(ts|tsx|mjs)$/.test(entry.name)) yield path;
  }
}

function isTestFile(path) {
  return /\.(test|contract|fuzz|e2e|bench)\.tsx?$|[\\/](test|contract|bench)[\\/]/.test(path);
}

function reasonAgainst(specifier, file, workspace, { may, node }) {
  if (specifier.startsWith('.')) {
    return resolve(dirname(file), specifier).startsWith(join(ROOT, workspace)) ? null : 'leaves its package';
  }
  if (specifier.startsWith('node:')) return node || isTestFile(file) ? null : 'has no Node';
  if (!specifier.startsWith('@paloma/')) return null;
  const name = specifier.slice('@paloma/'.length);
  if (may.includes(name) || (isTestFile(file) && IN_TESTS.includes(name))) return null;
  return 'is not in the import table';
}

const breaches = [];
for (const [workspace, rule] of Object.entries(TABLE)) {
  for (const file of sourceFiles(join(ROOT, workspace, 'src'))) {
    for (const match of readFileSync(file, 'utf8').matchAll(IMPORT)) {
      const specifier = match[1] ?? match[2] ?? match[3];
      const reason = reasonAgainst(specifier, file, workspace, rule);
      if (reason) breaches.push(`${relative(ROOT, file)}: ${specifier} ${reason}`);
    }
  }
}
for (const app of ['apps/provider-sync', 'apps/provider-mx']) {
  const manifest = JSON.parse(readFileSync(join(ROOT, app, 'package.json'), 'utf8'));
  const declared = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies });
  for (const name of NEVER_ON_THE_PROVIDER) if (declared.includes(`@paloma/${name}`)) breaches.push(`${app}/package.json: declares @paloma/${name}`);
  if (/paloma-device/.test(readFileSync(join(ROOT, app, 'tsconfig.json'), 'utf8'))) breaches.push(`${app}/tsconfig.json: asks for the secret half of crypto`);
}
for (const breach of breaches) process.stderr.write(`${breach}\n`);
process.exitCode = breaches.length === 0 ? 0 : 1;
