// What RFC 5256 sorts and threads messages by. It is read when a message is filed and told as numbers, so that a mailbox of
// 100,000 messages is put in order without its texts.

/** `sent`: the Date field; the texts of RFC 5256 §3, and of RFC 5957 §3 what is shown of an address. */
export type OrderProperty = 'sent' | 'subject' | 'from' | 'to' | 'cc' | 'displayFrom' | 'displayTo';

/** An element for each message. */
export interface ThreadFacts {
  /** Of the Date field; NaN where there is none that can be read. */
  sentAtMs: Float64Array;
  /** Equal where the base subjects are; 0: empty. */
  subjects: Uint32Array;
  /** 1 where something was taken from the subject that only a reply or a forward has. */
  isReply: Uint8Array;
  /** The ids below are numbers less than this: so many there are, and 0. */
  ids: number;
  /** Equal where the ids are; 0: none. */
  messageIds: Uint32Array;
  /** Ids of what each message answers, oldest first, those of all messages one behind the other (RFC 5256 §3, REFERENCES, step 1). */
  references: Uint32Array;
  /** Where those of each message end. */
  referenceEnds: Uint32Array;
}
