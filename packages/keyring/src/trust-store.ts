// The keyring's documents about correspondents: one `trust` document per address, one `certificate` document per fingerprint,
// which several addresses may share.

import { canonicalAddress, parseDocumentContent, type MailAddress, type Revision, type TrustDocument } from '@paloma/shared-model';
import type { DocumentStore, DocumentTransaction } from '@paloma/document-store';
import { fingerprintsOf } from './trust-changes.js';

export interface KnownTrust {
  trust: TrustDocument;
  revision: Revision;
}

/** Longest address written out in a document id; longer ones (many octets outside ASCII) are named by a keyed hash. */
const MAX_NAME_CHARS = 300;

export class TrustStore {
  readonly #store: DocumentStore;

  constructor(store: DocumentStore) {
    this.#store = store;
  }

  load(address: MailAddress): KnownTrust | null {
    const document = this.#store.get('trust', this.#nameOf(address));
    return document && { trust: trustOf(document), revision: document.revision };
  }

  list(): TrustDocument[] {
    return this.#store.list('trust').map(trustOf);
  }

  certificate(fingerprint: string): Uint8Array | null {
    return this.#store.get('certificate', fingerprint)?.content.transferablePublicKey ?? null;
  }

  /**
   * Saves a decision that was made on `basis`, with the certificate it is about. False, and nothing saved, when another one
   * (of this device or received by sync) came between: the caller decides again.
   */
  save(trust: TrustDocument, basis: KnownTrust | null, certificate?: { fingerprint: string; bytes: Uint8Array }): boolean {
    const name = this.#nameOf(trust.address as MailAddress);
    const isSaved = this.#store.transact((transaction) => {
      if ((transaction.get('trust', name)?.revision ?? null) !== (basis?.revision ?? null)) return false;
      if (certificate) saveCertificate(transaction, certificate);
      transaction.put('trust', name, trust);
      return true;
    });
    if (isSaved && basis) this.#forgetDropped(basis.trust, trust);
    return isSaved;
  }

  /** Changes what is known now. False, and nothing changed, when the address is unknown or the edit gives null. */
  change(address: MailAddress, edit: (trust: TrustDocument) => TrustDocument | null): boolean {
    const name = this.#nameOf(address);
    const change = this.#store.transact((transaction) => {
      const document = transaction.get('trust', name);
      const known = document && trustOf(document);
      const edited = known && edit(known);
      if (edited) transaction.put('trust', name, edited);
      return edited && { known, edited };
    });
    if (change) this.#forgetDropped(change.known, change.edited);
    return change !== null;
  }

  /** Removes certificates that no address refers to any more, so that a flood of false ones leaves nothing behind. */
  #forgetDropped(former: TrustDocument, current: TrustDocument): void {
    const kept = fingerprintsOf(current);
    const dropped = fingerprintsOf(former).filter((fingerprint) => !kept.includes(fingerprint));
    if (dropped.length === 0) return;
    const used = new Set(this.list().flatMap(fingerprintsOf));
    this.#store.transact((transaction) => {
      for (const fingerprint of dropped) if (!used.has(fingerprint)) transaction.delete('certificate', fingerprint);
    });
  }

  #nameOf(address: MailAddress): string {
    const name = encodeURIComponent(canonicalAddress(address)).replaceAll('%40', '@').replace(/[!'()*~]/g, percentEncoded);
    return name.length <= MAX_NAME_CHARS ? name : this.#store.deriveId('trust', canonicalAddress(address));
  }
}

/** The store gives content as it was written; a document of an earlier program lacks fields that have defaults. */
function trustOf({ content }: { content: unknown }): TrustDocument {
  return parseDocumentContent('trust', content);
}

/** An unchanged certificate is not written again: every write travels to every device. */
function saveCertificate(transaction: DocumentTransaction, { fingerprint, bytes }: { fingerprint: string; bytes: Uint8Array }): void {
  const known = transaction.get('certificate', fingerprint)?.content.transferablePublicKey;
  if (known && Buffer.compare(known, bytes) === 0) return;
  transaction.put('certificate', fingerprint, { fingerprint, transferablePublicKey: bytes });
}

function percentEncoded(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}
