import type { CommandReader } from './command-reader.js';
import type { SequenceSet } from './sequence-set.js';

/** What a client remembers of a mailbox, RFC 7162 §3.2.5. */
export interface QuickResync {
  uidValidity: number;
  modSeq: number;
  /** UIDs the client holds; null: all that it could have seen. */
  knownUids: SequenceSet | null;
  /** Sequence match data came along. */
  hasSequenceMatch: boolean;
}

// "QRESYNC" SP "(" uidvalidity SP mod-sequence-value [SP known-uids] [SP seq-match-data] ")"     RFC 7162 §7
export function readQuickResync(reader: CommandReader): QuickResync {
  reader.space();
  reader.char('(');
  const uidValidity = reader.number();
  reader.space();
  const resync: QuickResync = { uidValidity, modSeq: reader.modSeq(), knownUids: null, hasSequenceMatch: false };
  while (reader.tryChar(' ')) {
    if (reader.startsWith('(')) {
      readSequenceMatchData(reader);
      resync.hasSequenceMatch = true;
      break;
    }
    resync.knownUids = reader.sequenceSet();
  }
  reader.char(')');
  return resync;
}

/** Helps servers that forget expunged UIDs to guess; ours remembers, or compares. Read and not used. */
function readSequenceMatchData(reader: CommandReader): void {
  reader.char('(');
  reader.sequenceSet();
  reader.space();
  reader.sequenceSet();
  reader.char(')');
}
