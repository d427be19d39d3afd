/** The octets of a message, in pieces as they are kept. They are the store's: nobody may change them. */
export interface MessageAtHand {
  /** With its empty line. */
  headerBlock: Uint8Array;
  /** What follows it, in order; empty where nobody asked. */
  body: readonly Uint8Array[];
}
