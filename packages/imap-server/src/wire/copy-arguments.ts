import type { CommandReader } from './command-reader.js';
import { formatNumbers, type SequenceSet } from './sequence-set.js';

export interface CopyArguments { set: SequenceSet; mailboxName: string }

// copy = "COPY" SP sequence-set SP mailbox
export function readCopyArguments(reader: CommandReader): CopyArguments {
  reader.space();
  const set = reader.sequenceSet();
  reader.space();
  return { set, mailboxName: reader.mailbox() };
}

/**
 * `COPYUID <validity> <from> <to>`, RFC 4315 §3: the n-th of one set became the n-th of the other. Sets are written
 * ascending, so pairs whose order differs are told one by one. Undefined when nothing was copied.
 */
export function formatCopyUid(uidValidity: number, pairs: readonly { from: number; to: number }[]): string | undefined {
  if (pairs.length === 0) return undefined;
  const isAscending = pairs.every(({ to }, index) => index === 0 || to > pairs[index - 1]!.to);
  const format = (uids: readonly number[]): string => (isAscending ? formatNumbers(uids) : uids.join(','));
  return `COPYUID ${uidValidity} ${format(pairs.map(({ from }) => from))} ${format(pairs.map(({ to }) => to))}`;
}
