// Which file starts next. The longest do, so that none of them runs on alone at the end; the rest as Jest has it.
import Sequencer from '@jest/test-sequencer';

/** Those of three quarters of a minute and more, the longest first. */
const LONGEST = ['crash.e2e.ts', 'scale.e2e.ts', 'no-plaintext-on-disk.e2e.ts', 'hostile-vault.e2e.ts', 'account-lifecycle.e2e.ts', 'paloma-command.e2e.ts'];

function place(test) {
  const index = LONGEST.findIndex((name) => test.path.endsWith(name));
  return index < 0 ? LONGEST.length : index;
}

export default class LongestFirst extends Sequencer {
  sort(tests) {
    return super.sort(tests).toSorted((left, right) => place(left) - place(right));
  }
}
