// What the user may know and decide about correspondents' keys (docs/protocol/keys.md §3). Two programs may ask and answer at
// once, and keys change by themselves: a decision names the key that it is about, and is void when that is no longer the case.

import type { Fingerprint, KeySource, ValidationLevel } from '@paloma/shared-model';

export interface ReviewedKey {
  fingerprint: Fingerprint;
  /** `known`: what is encrypted to. `refused`: another one that appeared; until the user decides, nothing is sent. */
  state: 'known' | 'refused';
  /** "fingerprint": the user compared it. */
  level: ValidationLevel;
  /** Null where it was not recorded. */
  source: KeySource | null;
  firstSeenAtMs: number | null;
}

export interface KeysOfAddress {
  /** As it was asked for. */
  address: string;
  /** The known one first; empty when none is known, for own addresses, and for what is no address. */
  keys: readonly ReviewedKey[];
}

/**
 * `verify`: the user compared this fingerprint, the known one's or the refused one's, with the correspondent. `takeNew`: use the
 * refused key from now on, not compared. `keepKnown`: stay with the known key and do not ask about the refused one again.
 */
export interface KeyDecision {
  decision: 'verify' | 'takeNew' | 'keepKnown';
  /** The key that is to hold from now on, as it was shown to the user. */
  fingerprint: Fingerprint;
}

export interface KeyReview {
  /** What is known on this device; nobody is asked. */
  keysOf(addresses: readonly string[]): Promise<KeysOfAddress[]>;
  /** Messages that waited for it are sent at once. False, and nothing changed, when the keys are not as the decision says. */
  decide(address: string, decision: KeyDecision): Promise<boolean>;
  /** Changes whenever a key may have; comparable only while the account stays open. */
  state(): Promise<string>;
  /** After decisions and after changes that other devices or new certificates brought. */
  subscribe(listener: () => void): () => void;
}
