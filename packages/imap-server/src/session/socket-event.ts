import { once } from 'node:events';
import type { Socket } from 'node:net';
import { ImapError } from '../imap-error.js';

/** Resolves at the event. @throws {ImapError} "connectionLost" when the socket fails or closes first */
export async function socketEvent(socket: Socket, event: 'drain' | 'secure'): Promise<void> {
  const closing = new AbortController();
  const onClose = (): void => closing.abort();
  socket.once('close', onClose);
  try {
    await once(socket, event, { signal: closing.signal });
  } catch (cause) {
    throw new ImapError('connectionLost', 'the peer is gone', { cause });
  } finally {
    socket.off('close', onClose);
  }
}
