import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { ImapError } from '../imap-error.js';

/** Resolves at the event. @throws {ImapError} "connectionLost" when the stream fails or closes first */
export async function socketEvent(stream: Writable, event: 'drain' | 'secure'): Promise<void> {
  const closing = new AbortController();
  const onClose = (): void => closing.abort();
  stream.once('close', onClose);
  try {
    await once(stream, event, { signal: closing.signal });
  } catch (cause) {
    throw new ImapError('connectionLost', 'the peer is gone', { cause });
  } finally {
    stream.off('close', onClose);
  }
}
