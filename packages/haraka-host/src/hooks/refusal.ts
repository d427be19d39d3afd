// Which reply a denial becomes: the same codes as in Haraka 3.3, so that senders and log readers see what they know.
// If the host learns a hook that can refuse, add it here.

import { endsConnection, isDenial, isStatusMessage, isTemporary, textOf, DISCONNECT, type Verdict } from './next-code.js';

export interface Refusal {
  code: number;
  text: string | string[];
  /** The connection is closed after the reply. */
  disconnects: boolean;
}

interface RefusalReplies {
  permanent: number;
  /** `null`: this hook cannot put off. */
  temporary: number | null;
  text: string;
  /** Other codes where the connection ends with the refusal. */
  ending?: { permanent: number; temporary: number };
}

const MESSAGE_REPLIES = { permanent: 550, temporary: 450, text: 'message refused' };
const HELLO_REPLIES = { permanent: 550, temporary: 450, text: 'greeting refused' };
const RCPT_REPLIES = { permanent: 550, temporary: 450, text: 'recipient refused' };
// RFC 5321 §4.3.2 leaves a server that does not want to talk these two.
const CONNECT_REPLIES = { permanent: 554, temporary: 421, text: 'no service for you here' };

const REPLIES = {
  lookup_rdns: CONNECT_REPLIES,
  connect: CONNECT_REPLIES,
  helo: HELLO_REPLIES,
  ehlo: HELLO_REPLIES,
  vrfy: { permanent: 550, temporary: 450, text: 'access refused' },
  noop: { permanent: 500, temporary: null, text: 'no more of these' },
  unrecognized_command: { permanent: 500, temporary: 500, text: 'command not recognized', ending: { permanent: 521, temporary: 421 } },
  mail: { permanent: 550, temporary: 450, text: 'sender refused' },
  rcpt: RCPT_REPLIES,
  rcpt_ok: RCPT_REPLIES,
  data: { permanent: 554, temporary: 451, text: 'message refused' },
  max_data_exceeded: { permanent: 550, temporary: 450, text: 'message is too large' },
  data_post: MESSAGE_REPLIES,
  queue: MESSAGE_REPLIES,
  queue_outbound: MESSAGE_REPLIES,
} satisfies Record<string, RefusalReplies>;

export type RefusingHook = keyof typeof REPLIES;

/** Where DISCONNECT is a refusal; elsewhere it says as little as CONT. */
const MAY_DISCONNECT: ReadonlySet<string> = new Set(['lookup_rdns', 'connect']);

/** The reply to a verdict that refuses, `null` when it does not. A status message brings its own reply code. */
export function refusalOf(hook: RefusingHook, { code, message }: Verdict): Refusal | null {
  if (!isDenial(code) && !(code === DISCONNECT && MAY_DISCONNECT.has(hook))) return null;
  const replies: RefusalReplies = REPLIES[hook];
  const disconnects = endsConnection(code);
  const { permanent, temporary } = (disconnects && replies.ending) || replies;
  const replyCode = isTemporary(code) ? temporary : permanent;
  if (replyCode === null) return null;
  return {
    code: isStatusMessage(message) ? message.code : replyCode,
    text: message === undefined ? replies.text : textOf(message),
    disconnects,
  };
}
