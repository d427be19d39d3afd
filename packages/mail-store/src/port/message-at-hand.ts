/** The octets of a message, in pieces as they are kept. They are the caller's alone: nothing else is in their buffers but messages of the same answer. */
export interface MessageAtHand {
  /** With its empty line. */
  headerBlock: Uint8Array;
  /** What follows it, in order; empty where nobody asked. */
  body: readonly Uint8Array[];
}
