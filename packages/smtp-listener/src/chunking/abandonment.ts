/** smtp-server's word for a client that goes away in the middle of its message. */
const CODE = 'ECONNECTION';

/** What the handler of a message hears when the client takes the message back. */
export function newAbandonment(): Error {
  return Object.assign(new Error('smtp-listener: the client took its message back'), { code: CODE });
}

/** Whether a message could not be read to its end because its client went away or took it back: nobody waits for an answer. */
export function isAbandonment(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === CODE;
}
