// sealed.json: docs/protocol/envelope.md and docs/protocol/sync.md §8 as octets. Every input is given: what is random in use is
// named `nonce`, `salt` or `random` here. `refused` lists octets that must not open, all with the same answer.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { encodeCbor } from '@paloma/sync-protocol';
import { credentialChangeProof } from '@paloma/crypto/public';
import {
  StorageKeys, addPassphraseWrap, createRecoveryCode, createVault, formatRecoveryCode, openVault, recoverySecret, replaceRecoveryWrap, resealVault, sealBlob, sealDocument,
} from '@paloma/crypto/secret';
import { Redacted } from '@paloma/shared-model';
import { ACCOUNT, LAPTOP, NAMESPACE, PHONE, TABLET, blobId, text, transactionId } from './names.mjs';

const octetsFrom = (seed, count = 32) => new Uint8Array(createHash('sha512').update(seed).digest().subarray(0, count));
const ROOTS = new Map([[1, octetsFrom('root 1')], [2, octetsFrom('root 2')]]);
const keysThrough = (epoch) => new StorageKeys(new Map([...ROOTS].filter(([each]) => each <= epoch)));
const KEYS = keysThrough(2);
const OTHER_ACCOUNT = 'OtherAccount0000000000';

/** Random octets of a seal, in the order in which it takes them. */
function inOrder(...octets) {
  const rest = Buffer.concat(octets);
  let taken = 0;
  return { bytes: (count) => new Uint8Array(rest.subarray(taken, taken += count)) };
}

const flipped = (octets, index, bit = 1) => Uint8Array.from(octets, (octet, position) => (position === (index + octets.length) % octets.length ? octet ^ bit : octet));

function keyVectors() {
  const documentIds = ['identity:main', `replica-head:${LAPTOP}`, `email:${'e'.repeat(32)}`];
  const opaqueId = KEYS.opaqueDocumentId(documentIds[0]);
  const content = text('Hello, Paloma');
  return {
    localDatabaseKey: KEYS.localDatabaseKey(),
    documentIds: documentIds.map((documentId) => ({ documentId, opaqueId: KEYS.opaqueDocumentId(documentId) })),
    contentBlobIds: [new Uint8Array(0), content].map((octets) => ({ namespace: NAMESPACE, octets, blobId: KEYS.contentBlobId(NAMESPACE, octets) })),
    derivedIds: ['incoming-1', 'Grüße'].map((each) => ({ purpose: 'message', text: each, id: KEYS.deriveId('message', each) })),
    documentKeys: [1, 2].map((epoch) => ({ epoch, opaqueId, key: KEYS.documentKey(epoch, opaqueId) })),
    blobKeys: [1, 2].map((epoch) => ({ epoch, namespace: NAMESPACE, blobId: blobId(1), key: KEYS.blobKey(epoch, NAMESPACE, blobId(1)) })),
  };
}

/** Field names are those of a record on the wire (docs/protocol/sync.md §3). */
function documentVector(files, { name, documentId, type, content, revision, documentClass, epoch }) {
  const [id, nonce] = [KEYS.opaqueDocumentId(documentId), octetsFrom(name, 12)];
  const plaintext = encodeCbor({ id: documentId, type, schemaVersion: 1, content });
  const binding = { accountId: ACCOUNT, opaqueId: id, revision, operation: content === null ? 'delete' : 'put', documentClass };
  const { sealed } = sealDocument({ ...binding, keys: keysThrough(epoch), plaintext }, inOrder(nonce));
  const record = { id, revision, class: documentClass, epoch, tombstone: content === null };
  return { name, nonce, value: { id: documentId, type, schemaVersion: 1, content }, plaintext: files.addOctets('sealed', `${name} plaintext`, plaintext), record, sealed: files.addOctets('sealed', name, sealed) };
}

const IDENTITY = { identityId: 'main', address: 'ana@example.org', name: 'Ana', textSignature: '— Ana' };
const BIG_IDENTITY = { ...IDENTITY, textSignature: 'ä'.repeat(1000) };

/** The digest of what the laptop wrote: `identity:main` three times, a deleted `identity:old` once, of which its fourth writing of `main` is not settled. */
function statement() {
  const written = [['identity:main', 3], ['identity:old', 1]].map(([documentId, counter]) =>
    ({ documentId, replicaUid: LAPTOP, counter, share: Buffer.from(KEYS.deriveId('replica-head', `${documentId}\n${LAPTOP}\n${counter}`), 'base64url') }));
  const writes = written.reduce((digest, { share }) => digest.map((octet, index) => octet ^ share[index]), new Uint8Array(24));
  const content = {
    replicaUid: LAPTOP, writes, unsettled: [{ documentId: 'identity:new', revision: `${LAPTOP}:1` }, { documentId: 'identity:lost', revision: null }],
    seen: { [PHONE]: 7, [TABLET]: 1 }, complete: { generation: 41, transactionId: transactionId(4) }, previous: { number: 11, generation: 40 },
  };
  return { written, digest: writes, content };
}

function documentVectors(files) {
  const identity = { documentId: 'identity:main', type: 'identity', revision: `${LAPTOP}:3`, documentClass: 0 };
  const vectors = [
    { ...identity, name: 'document of the first epoch', content: IDENTITY, epoch: 1 },
    { ...identity, name: 'document of the second epoch', content: IDENTITY, epoch: 2 },
    { ...identity, name: 'document with padding', content: BIG_IDENTITY, revision: `${LAPTOP}:3|${PHONE}:12`, epoch: 2 },
    { ...identity, name: 'tombstone', documentId: 'identity:old', content: null, epoch: 2, revision: `${LAPTOP}:1` },
    { ...identity, name: 'statement about the log', documentId: `replica-head:${LAPTOP}`, type: 'replica-head', revision: `${LAPTOP}:12`, content: statement().content, epoch: 2 },
  ];
  return vectors.map((vector) => documentVector(files, vector));
}

/** Of one document: what must not open, and what opens and is not that document. */
function refusedDocuments(files, { record, sealed }) {
  const octets = files.contentOf(sealed[0]);
  const rows = [
    ['under another id', { id: KEYS.opaqueDocumentId('identity:other') }], ['under another revision', { revision: `${LAPTOP}:4` }], ['in another class', { class: 1 }],
    ['as a tombstone', { tombstone: true }], ['under the other epoch', { epoch: 1 }], ['under an epoch without a root', { epoch: 3 }],
    ['in another account', {}, octets, OTHER_ACCOUNT],
    ['of another format', {}, flipped(octets, 0, 3)], ['with another nonce', {}, flipped(octets, 1)], ['with a bit changed', {}, flipped(octets, 20)], ['with another tag', {}, flipped(octets, -1)],
    ['cut off', {}, octets.subarray(0, -1)], ['with an octet behind it', {}, Buffer.concat([octets, Uint8Array.of(0)])], ['of no octets', {}, new Uint8Array(0)],
  ];
  return rows.map(([name, change, changed = octets, accountId = ACCOUNT]) =>
    ({ name: `document ${name}`, accountId, record: { ...record, ...change }, sealed: changed === octets ? sealed : files.addOctets('sealed', `document ${name}`, changed) }));
}

function unacceptableDocuments(files) {
  const base = { documentId: 'identity:main', type: 'identity', content: IDENTITY, revision: `${LAPTOP}:3`, documentClass: 0, epoch: 2 };
  const seal = (name, plaintext, tombstone = false) => {
    const id = KEYS.opaqueDocumentId(base.documentId);
    const binding = { keys: KEYS, accountId: ACCOUNT, opaqueId: id, revision: base.revision, operation: tombstone ? 'delete' : 'put', documentClass: 0 };
    const { sealed } = sealDocument({ ...binding, plaintext }, inOrder(octetsFrom(name, 12)));
    return { name, accountId: ACCOUNT, record: { id, revision: base.revision, class: 0, epoch: 2, tombstone }, sealed: files.addOctets('sealed', name, sealed) };
  };
  const map = (change) => encodeCbor({ id: base.documentId, type: 'identity', schemaVersion: 1, content: IDENTITY, ...change });
  return [
    { ...seal('plaintext that names another document', map({ id: 'identity:other' })), reason: 'idMismatch' },
    { ...seal('plaintext of another type than its id', map({ type: 'mailbox' })), reason: 'invalidContent' },
    { ...seal('plaintext without content that is no tombstone', map({ content: null })), reason: 'invalidContent' },
    { ...seal('tombstone with content', map({}), true), reason: 'invalidContent' },
    { ...seal('plaintext that is no CBOR', text('identity')), reason: 'invalidContent' },
  ];
}

function blobVector(files, name, octets, epoch) {
  const salt = octetsFrom(name, 16);
  const binding = { keys: keysThrough(epoch), accountId: ACCOUNT, namespace: NAMESPACE, blobId: blobId(1) };
  const { sealed } = sealBlob({ ...binding, octets }, inOrder(salt));
  return { name, namespace: NAMESPACE, blobId: blobId(1), epoch, salt, octets: files.addOctets('sealed', `${name} octets`, octets), sealed: files.addOctets('sealed', name, sealed) };
}

function blobVectors(files) {
  return [
    blobVector(files, 'blob of no octets', new Uint8Array(0), 2), blobVector(files, 'blob of the first epoch', text('Hello, Paloma'), 1),
    blobVector(files, 'blob that fills one chunk', new Uint8Array(65528).fill(0xab), 2), blobVector(files, 'blob of two chunks', Uint8Array.from({ length: 66000 }, (_, index) => index % 251), 2),
  ];
}

function refusedBlobs(files, { sealed }) {
  const [octets, header, chunk] = [files.contentOf(sealed[0]), 21, 65552];
  const [first, second] = [octets.subarray(header, header + chunk), octets.subarray(header + chunk)];
  const rows = [
    ['without its last chunk', octets.subarray(0, header + chunk)], ['with its chunks swapped', Buffer.concat([octets.subarray(0, header), second, first])],
    ['with its last chunk twice', Buffer.concat([octets, second])], ['cut in its last chunk', octets.subarray(0, -1)], ['that says another epoch', flipped(octets, 4, 3)],
    ['that says an epoch without a root', flipped(octets, 4, 1)], ['with another salt', flipped(octets, 5)], ['of another format', flipped(octets, 0, 3)],
    ['with a bit changed', flipped(octets, 100)], ['of its header alone', octets.subarray(0, header)], ['of no octets at all', new Uint8Array(0)],
  ].map(([name, changed]) => ({ name: `blob ${name}`, accountId: ACCOUNT, namespace: NAMESPACE, blobId: blobId(1), sealed: files.addOctets('sealed', `refused blob ${name}`, changed) }));
  const elsewhere = [['of another account', { accountId: OTHER_ACCOUNT }], ['of another namespace', { namespace: 'elsewhere' }], ['of another id', { blobId: blobId(2) }]]
    .map(([name, change]) => ({ name: `blob ${name}`, accountId: ACCOUNT, namespace: NAMESPACE, blobId: blobId(1), ...change, sealed }));
  return [...rows, ...elsewhere];
}

async function vaultVectors(files) {
  const [exportKey, recoveryExportKey, vaultKey] = [octetsFrom('export key', 64), octetsFrom('recovery export key', 64), octetsFrom('vault key')];
  const nonces = ['content', 'login wrap', 'recovery wrap', 'passphrase wrap', 'resealed'].map((name) => octetsFrom(name, 12));
  const [contentNonce, loginNonce, recoveryNonce, passphraseNonce, resealedNonce] = nonces;
  const [salt, passphrase] = [octetsFrom('salt', 16), 'Zwölf Boxkämpfer'];
  const first = createVault({ accountId: ACCOUNT, roots: new Map([...ROOTS].slice(0, 1)) }, exportKey, inOrder(vaultKey, contentNonce, loginNonce));
  const key = (await openVault(first, ACCOUNT, { exportKey })).vaultKey;
  const withRecovery = replaceRecoveryWrap(first, ACCOUNT, key, recoveryExportKey, inOrder(recoveryNonce));
  const rotated = resealVault(withRecovery, ACCOUNT, key, { roots: ROOTS, serial: 2 }, inOrder(resealedNonce));
  const local = await addPassphraseWrap(rotated, ACCOUNT, { exportKey }, new Redacted(passphrase), inOrder(salt, passphraseNonce));
  const filed = (name, octets) => files.addOctets('sealed', name, octets);
  return {
    exportKey, recoveryExportKey, vaultKey, passphrase, salt,
    nonces: { content: contentNonce, login: loginNonce, recovery: recoveryNonce, passphrase: passphraseNonce, contentAfterRotation: resealedNonce },
    first: { roots: { 1: ROOTS.get(1) }, serial: 1, octets: filed('vault of a new account', first) },
    withRecovery: { roots: { 1: ROOTS.get(1) }, serial: 1, octets: filed('vault with a recovery wrap', withRecovery) },
    rotated: { roots: Object.fromEntries(ROOTS), serial: 2, octets: filed('vault after a rotation', rotated) },
    local: { roots: Object.fromEntries(ROOTS), serial: 2, octets: filed('vault with a passphrase wrap', local) },
    refused: [['of another account', rotated, OTHER_ACCOUNT], ['with a bit changed', flipped(rotated, -30)], ['cut off', rotated.subarray(0, -1)], ['of no octets', new Uint8Array(0)], ['that is a list', encodeCbor([1])],
      ['of another version', encodeCbor({ v: 2, sealed: new Uint8Array(60), wraps: [] })]]
      .map(([name, octets, accountId = ACCOUNT]) => ({ name: `vault ${name}`, accountId, octets: filed(`refused vault ${name}`, octets) })),
  };
}

function recoveryCodeVectors() {
  const codes = [new Uint8Array(20), octetsFrom('recovery code', 20), new Uint8Array(20).fill(255)].map((random) => {
    const code = createRecoveryCode(inOrder(random));
    return { random, code: formatRecoveryCode(code), secret: recoverySecret(code).reveal() };
  });
  const typed = codes[1].code;
  const asTyped = [typed.toLowerCase(), typed.replaceAll('-', ' '), typed.replaceAll('-', ''), codes[0].code.replaceAll('0', 'o').replaceAll('1', 'l')];
  const mistyped = (group, index) => typed.split('-').map((each, at) => (at === group - 1 ? each.slice(0, index) + (each[index] === '7' ? '8' : '7') + each.slice(index + 1) : each)).join('-');
  return {
    codes,
    typed: asTyped.map((text_, index) => ({ typed: text_, secret: codes[index === 3 ? 0 : 1].secret })),
    refused: [{ typed: mistyped(1, 0), group: 1 }, { typed: mistyped(8, 4), group: 8 }, { typed: typed.slice(1), group: 0 }, { typed: typed.replace(typed[0], 'U'), group: 1 }],
  };
}

function proofVectors() {
  const change = { credential: 'passphrase', registrationRecord: 'cmVjb3Jk', endsRecovery: false, replicaUid: LAPTOP, replacedVersion: 'v1', vault: 'dmF1bHQ' };
  const sessionKey = Buffer.from(octetsFrom('session key', 64)).toString('base64url');
  return [change, { ...change, credential: 'recovery', endsRecovery: true }].map((each) => ({ sessionKey, change: each, proof: credentialChangeProof(sessionKey, each) }));
}

/**
 * Log-ins by OPAQUE cannot be made again, for the library draws its random octets itself: these were recorded once, of accounts that nobody
 * has. An independent program written from docs/protocol/accounts.md §2 came to the same keys.
 */
function loginVectors() {
  const recorded = JSON.parse(readFileSync(new URL('recorded-logins.json', import.meta.url), 'utf8'));
  const asIs = ['address', 'credential', 'passphrase'];
  return recorded.map((login) => Object.fromEntries(Object.entries(login).map(([name, value]) => [name, asIs.includes(name) ? value : Buffer.from(value, 'hex')])));
}

/** Octets → octets with padding; worked out by hand from docs/protocol/envelope.md §1. */
const PADME = [[0, 0], [1, 1], [2, 2], [3, 3], [8, 8], [9, 10], [100, 104], [1000, 1024], [4096, 4096], [4097, 4352], [65536, 65536], [65537, 67584], [1000000, 1015808], [104857600, 104857600]];

export async function sealedVectors(files) {
  const [documents, blobs] = [documentVectors(files), blobVectors(files)];
  const { written, digest } = statement();
  files.addTable('sealed.json', {
    accountId: ACCOUNT, roots: Object.fromEntries(ROOTS), padme: PADME, keys: keyVectors(),
    documents, refusedDocuments: refusedDocuments(files, documents[1]), unacceptableDocuments: unacceptableDocuments(files),
    blobs, refusedBlobs: refusedBlobs(files, blobs[3]),
    vault: await vaultVectors(files), statement: { written, digest }, recoveryCode: recoveryCodeVectors(), credentialChangeProofs: proofVectors(), logins: loginVectors(),
  });
}
