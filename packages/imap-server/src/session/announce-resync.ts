// What happened while a client was away, RFC 7162 §3.2.5.1 and §3.2.6: which of its UIDs have vanished, which flags changed.

import type { QuickResync } from '../wire/quick-resync.js';
import { formatNumbers, formatSequenceSet, rangesContain, resolveSequenceSet, type NumberRange, type SequenceSet } from '../wire/sequence-set.js';
import type { SelectedMailbox } from './selected-mailbox.js';
import type { Session } from './session.js';

/** A client with another UIDVALIDITY remembers nothing of use: it is told nothing. */
export async function announceResync(session: Session, selected: SelectedMailbox, resync: QuickResync): Promise<void> {
  if (resync.uidValidity !== selected.uidValidity) return;
  await announceVanished(session, selected, resync.modSeq, resync.knownUids);
  const known = rangesOf(resync.knownUids, selected);
  for (const [index, entry] of selected.entries.entries()) {
    if (entry.modSeq > resync.modSeq && rangesContain(known, entry.uid)) await session.announceFlags({ sequenceNumber: index + 1, entry });
  }
}

/** `VANISHED (EARLIER)`: of `among` (null: all), those that left after `modSeq` and are not there now. */
export async function announceVanished(session: Session, selected: SelectedMailbox, modSeq: number, among: SequenceSet | null): Promise<void> {
  const ranges = rangesOf(among, selected);
  const remembered = (await session.store!.viewChangesSince(selected.mailboxId, modSeq))?.vanished;
  const text = remembered
    ? formatNumbers(remembered.filter((uid) => rangesContain(ranges, uid) && !selected.find(uid)))
    : formatRanges(absentRanges(selected, ranges));
  if (text !== '') await session.writer.untagged(`VANISHED (EARLIER) ${text}`);
}

function rangesOf(among: SequenceSet | null, { uidNext }: SelectedMailbox): NumberRange[] {
  return among === null || among === '$' ? [{ low: 1, high: uidNext - 1 }] : resolveSequenceSet(among, uidNext - 1);
}

/** RFC 7162 §3.2.6: a server that has forgotten may name every UID that is not there. */
function absentRanges({ entries, uidNext }: SelectedMailbox, among: readonly NumberRange[]): NumberRange[] {
  const absent: NumberRange[] = [];
  let index = 0;
  for (const { low, high } of among) {
    let next = low;
    for (; index < entries.length && entries[index]!.uid <= high; index++) {
      const { uid } = entries[index]!;
      if (uid > next) absent.push({ low: next, high: uid - 1 });
      next = Math.max(next, uid + 1);
    }
    const last = Math.min(high, uidNext - 1);
    if (next <= last) absent.push({ low: next, high: last });
  }
  return absent;
}

function formatRanges(ranges: readonly NumberRange[]): string {
  return ranges.length === 0 ? '' : formatSequenceSet(ranges.map(({ low, high }) => ({ first: low, last: high })));
}
