import { bySentDate, type Thread, type ThreadMessage } from './thread.js';

/** ORDEREDSUBJECT, RFC 5256 §3: messages of one base subject are a thread, the first of them above all others. */
export function threadByOrderedSubject(messages: readonly ThreadMessage[]): Thread[] {
  const bySubject = Map.groupBy([...messages].sort(bySentDate), ({ baseSubject }) => baseSubject);
  return [...bySubject.values()].map(([first, ...rest]) => ({
    number: first!.number,
    children: rest.map(({ number }) => ({ number, children: [] })),
  }));
}
