import { bySentDate, hangThreads, NOBODY, type ThreadMessages, type Threads } from './thread.js';

/** ORDEREDSUBJECT, RFC 5256 §3: messages of one base subject are a thread, the first of them above all others. */
export function threadByOrderedSubject(messages: ThreadMessages): Threads {
  const dates = bySentDate(messages);
  const above = new Int32Array(dates.length).fill(NOBODY);
  const firstOf = new Map<number, number>();
  for (const place of dates) {
    const first = firstOf.get(messages.subjects[place]!);
    if (first === undefined) firstOf.set(messages.subjects[place]!, place);
    else above[place] = first;
  }
  return hangThreads(messages, dates, above);
}
