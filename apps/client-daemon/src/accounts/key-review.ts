// What the user sees and decides of correspondents' keys, over the keyring. A decision may also come from another of his devices,
// by sync; whichever it is, what waited for it leaves at once. It decides only about keys that are still as they were shown: the
// look and the decision about it happen without a pause in between.

import { parseDocumentContent, parseFingerprint, parseMailAddress, type MailAddress, type RandomSource, type TrustDocument } from '@paloma/shared-model';
import type { DocumentChange, DocumentStore } from '@paloma/document-store';
import type { Keyring } from '@paloma/keyring';
import type { KeyDecision, KeyReview, KeysOfAddress, ReviewedKey } from '@paloma/mail-store/port';
import { mailAddressOrNull } from '../mail-address-or-null.js';

export interface KeyringReviewParts {
  store: DocumentStore;
  keyring: Keyring;
  random: RandomSource;
  /** Told of an address whose changed key was decided about, here or on another device. */
  onDecided(address: MailAddress): void;
}

export class KeyringReview implements KeyReview {
  readonly #parts: KeyringReviewParts;
  readonly #listeners = new Set<() => void>();
  /** Tells states of this opening of the account from those of others. */
  readonly #opening: string;
  #changes = 0;

  constructor(parts: KeyringReviewParts) {
    this.#parts = parts;
    this.#opening = Buffer.from(parts.random.bytes(9)).toString('base64url');
    parts.store.subscribe((changes) => this.#notice(changes.filter(({ type }) => type === 'trust')));
  }

  async keysOf(addresses: readonly string[]): Promise<KeysOfAddress[]> {
    return addresses.map((text) => {
      const address = mailAddressOrNull(text);
      const trust = address && this.#parts.keyring.trustIn(address);
      return { address: text, keys: trust ? reviewedKeys(trust) : [] };
    });
  }

  async decide(text: string, decision: KeyDecision): Promise<boolean> {
    const address = mailAddressOrNull(text);
    return address !== null && this.#decide(address, decision);
  }

  async state(): Promise<string> {
    return `${this.#opening}-${this.#changes}`;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  #decide(address: MailAddress, { decision, fingerprint }: KeyDecision): boolean {
    const { keyring } = this.#parts;
    const trust = keyring.trustIn(address);
    if (decision === 'verify') return keyring.verifyFingerprint(address, fingerprint);
    if (decision === 'takeNew') return trust?.refusedFingerprint === fingerprint && keyring.takeRefused(address);
    if (trust?.fingerprint !== fingerprint || trust.refusedFingerprint === null) return false;
    keyring.keepKnown(address);
    return true;
  }

  #notice(changes: readonly DocumentChange[]): void {
    if (changes.length === 0) return;
    this.#changes += changes.length;
    for (const change of changes) {
      const address = decidedAddress(change);
      if (address) this.#parts.onDecided(address);
    }
    for (const listener of this.#listeners) listener();
  }
}

function reviewedKeys({ fingerprint, level, source, firstSeenAtMs, ...trust }: TrustDocument): ReviewedKey[] {
  const known: ReviewedKey = { fingerprint: parseFingerprint(fingerprint), state: 'known', level, source, firstSeenAtMs };
  if (trust.refusedFingerprint === null) return [known];
  return [known, {
    fingerprint: parseFingerprint(trust.refusedFingerprint), state: 'refused', level: trust.refusedLevel ?? 'weakChain', source: trust.refusedSource, firstSeenAtMs: trust.refusedAtMs,
  }];
}

/** The address, when the change settled which of two keys holds. */
function decidedAddress({ before, after }: DocumentChange): MailAddress | null {
  if (!before || !after) return null;
  const [former, current] = [parseDocumentContent('trust', before), parseDocumentContent('trust', after)];
  return former.refusedFingerprint !== null && current.refusedFingerprint === null ? parseMailAddress(current.address) : null;
}
