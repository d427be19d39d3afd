/** How IMAP describes a message, in the words that go out (RFC 9051 §7.5.2): what a mail program asks first of all messages. */
export interface ImapDescription {
  uid: number;
  envelope: string;
  /** Null where nobody asked, and where it cannot be told without octets that are not on this device. */
  bodyStructure: string | null;
}
