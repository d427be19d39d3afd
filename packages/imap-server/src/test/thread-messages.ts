import type { ThreadMessages } from '../thread/thread.js';
import type { PlainMessage } from './plain-threads.js';

/** As the store tells what threads are made of: numbers that are equal where the texts are. */
export function threadMessagesOf(messages: readonly PlainMessage[]): ThreadMessages {
  const [idNumber, subjectNumber] = [numbering(), numbering()];
  const messageIds = Uint32Array.from(messages, ({ messageId }) => (messageId === null ? 0 : idNumber(messageId)));
  const references = Uint32Array.from(messages.flatMap(({ references: ids }) => ids.map(idNumber)));
  let end = 0;
  return {
    numbers: messages.map(({ number }) => number),
    sentAtMs: Float64Array.from(messages, ({ sentAtMs }) => sentAtMs),
    subjects: Uint32Array.from(messages, ({ baseSubject }) => (baseSubject === '' ? 0 : subjectNumber(baseSubject))),
    isReply: Uint8Array.from(messages, ({ isReply }) => Number(isReply)),
    messageIds,
    references,
    ids: 1 + Math.max(0, ...messageIds, ...references),
    referenceEnds: Uint32Array.from(messages, (message) => (end += message.references.length)),
  };
}

function numbering(): (text: string) => number {
  const numbers = new Map<string, number>();
  return (text) => numbers.get(text) ?? numbers.set(text, numbers.size + 1).size;
}
