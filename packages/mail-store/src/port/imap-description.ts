/** How IMAP describes a message, in the words that go out (RFC 9051 §7.5.2): what a mail program asks first of all messages. Null: not asked. */
export interface ImapDescription {
  messageKey: number;
  envelope: string | null;
  /** Null also where it cannot be told without octets that are not on this device. */
  bodyStructure: string | null;
  /** The LIST_FIELDS of the header as they stand in it, and its empty line. Null also where they are too long to be kept. */
  listFields: Uint8Array | null;
}

/** Which of them are asked. */
export type DescriptionParts = Record<Exclude<keyof ImapDescription, 'messageKey'>, boolean>;
