// What each guess at a passphrase costs: Argon2id, RFC 9106. Users get the full cost, since no program of ours names another one; a test
// may, whose passphrases protect nothing and which asks for something else than their strength.

export interface PassphraseStretching {
  memoryKib: number;
  passes: number;
}

/** About 0.2 s of one core of a laptop: RFC 9106 §4, second recommended option. */
export const FULL_STRETCHING: PassphraseStretching = { memoryKib: 64 * 1024, passes: 3 };
