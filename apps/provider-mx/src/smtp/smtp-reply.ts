// What a client is told. If you add a code, the compiler sends you to REPLIES.

/** RFC 5321 §4.2 with an enhanced status code, RFC 3463. */
export interface SmtpReply {
  code: number;
  enhancedCode: string;
  text: string;
}

export type RefusalCode =
  | 'tooManyConnections' | 'tooManyMessages'
  | 'unknownRecipient' | 'relayingDenied' | 'mailboxDisabled' | 'mailboxFull' | 'noUsableCertificate' | 'tooLarge' | 'tooManyHops' | 'bareLineEnd' | 'noRoomNow' | 'failsSenderPolicy' | 'ambiguousAuthor' | 'missingAuthor' | 'senderPolicyUnknown'
  | 'authenticationRequired' | 'badCredentials' | 'badCertificate' | 'accountDisabled' | 'authenticationUnavailable' | 'foreignSender' | 'invalidRecipient' | 'unsupportedParameter' | 'suppressedRecipient' | 'tooMuchSent' | 'temporaryFailure';

export const REPLIES = {
  tooManyConnections: { code: 421, enhancedCode: '4.7.0', text: 'too many connections, try again later' },
  tooManyMessages: { code: 450, enhancedCode: '4.7.1', text: 'too many messages, try again later' },
  unknownRecipient: { code: 550, enhancedCode: '5.1.1', text: 'no such mailbox' },
  relayingDenied: { code: 550, enhancedCode: '5.7.1', text: 'no relaying here' },
  mailboxDisabled: { code: 450, enhancedCode: '4.2.1', text: 'mailbox is disabled, not accepting messages' },          // temporary: the operator can enable it, RFC 3463 §3.3
  mailboxFull: { code: 452, enhancedCode: '4.2.2', text: 'mailbox is full' },                                       // temporary: the owner can make room
  noUsableCertificate: { code: 450, enhancedCode: '4.7.5', text: 'cannot protect a message to this mailbox now' },   // never plaintext instead
  tooLarge: { code: 552, enhancedCode: '5.3.4', text: 'message is too large' },
  tooManyHops: { code: 554, enhancedCode: '5.4.6', text: 'message loops' },
  bareLineEnd: { code: 550, enhancedCode: '5.6.11', text: 'bare carriage return or line feed in the message' },
  noRoomNow: { code: 452, enhancedCode: '4.3.1', text: 'too much mail at once, try again later' },
  failsSenderPolicy: { code: 550, enhancedCode: '5.7.1', text: 'the domain in From asks to refuse what it did not send (DMARC)' },
  ambiguousAuthor: { code: 550, enhancedCode: '5.7.1', text: 'From must be one field, with authors of one domain (DMARC)' },
  missingAuthor: { code: 550, enhancedCode: '5.7.1', text: 'From must name an author with an address (RFC 5322)' },
  senderPolicyUnknown: { code: 451, enhancedCode: '4.7.0', text: 'the sender cannot be checked now, try again later' },
  authenticationRequired: { code: 530, enhancedCode: '5.7.0', text: 'authentication required' },
  badCredentials: { code: 535, enhancedCode: '5.7.8', text: 'credentials are not valid' },
  badCertificate: { code: 535, enhancedCode: '5.7.8', text: 'no client certificate that holds for this account' },
  accountDisabled: { code: 525, enhancedCode: '5.7.13', text: 'account is disabled, ask the operator' },                // RFC 5248 §3
  authenticationUnavailable: { code: 454, enhancedCode: '4.7.0', text: 'cannot check credentials now' },
  foreignSender: { code: 550, enhancedCode: '5.7.1', text: 'sender address is not yours' },
  invalidRecipient: { code: 550, enhancedCode: '5.1.3', text: 'not a mail address' },
  suppressedRecipient: { code: 550, enhancedCode: '5.1.0', text: 'this address led nowhere several times, and is not tried for a while' },
  tooMuchSent: { code: 452, enhancedCode: '4.7.1', text: 'too much was sent from this account within an hour, try again later' },
  unsupportedParameter: { code: 555, enhancedCode: '5.5.4', text: 'parameter is not supported' },
  temporaryFailure: { code: 451, enhancedCode: '4.3.0', text: 'try again later' },
} satisfies Record<RefusalCode, SmtpReply>;

export function formatReply(reply: SmtpReply): string {
  return `${reply.code} ${reply.enhancedCode} ${reply.text}`;
}

/** Ends a command with a reply; thrown anywhere below a listener, caught in it alone. */
export class SmtpRefusal extends Error {
  override readonly name = 'SmtpRefusal';
  constructor(readonly code: RefusalCode) {
    super(`provider-mx: refused: ${code}`);
  }

  get reply(): SmtpReply {
    return REPLIES[this.code];
  }
}
