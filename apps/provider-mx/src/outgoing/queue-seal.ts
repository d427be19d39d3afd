// Messages at rest in the queue: AES-256-GCM under a key that is in a file and not in the database, envelope included, so
// that neither a copy of the database nor its administrator tells what was sent or to whom. Only the recipients' domains
// are in the clear, since attempts are grouped by them.
// Form: version (1) ‖ nonce (12) ‖ ciphertext ‖ tag (16); the message id is authenticated.

import { createCipheriv, createDecipheriv } from 'node:crypto';
import { z } from 'zod';
import { parseMailAddress, type RandomSource } from '@paloma/shared-model';
import type { QueueKey } from '../config/secret-files.js';
import { notificationRequest } from './notification-request.js';
import type { OutgoingMessage } from './outgoing-queue.js';

const VERSION = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const LENGTH_BYTES = 4;

const sealedEnvelope = z.object({ reversePath: z.string(), forwardPaths: z.array(z.string().transform(parseMailAddress)), notifications: notificationRequest.optional(), isTlsReport: z.boolean().optional() });

export function sealMessage(message: OutgoingMessage, messageId: string, key: QueueKey, random: RandomSource): Buffer {
  const { reversePath, forwardPaths, notifications, isTlsReport } = message;
  const envelope = Buffer.from(JSON.stringify({ reversePath, forwardPaths, notifications, isTlsReport }));
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32BE(envelope.length);
  const nonce = random.bytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key.reveal(), nonce).setAAD(Buffer.from(messageId));
  const pieces = [cipher.update(length), cipher.update(envelope), cipher.update(message.octets), cipher.final()];
  return Buffer.concat([Buffer.of(VERSION), nonce, ...pieces, cipher.getAuthTag()]);
}

/** `null`: not sealed under this key for this message. */
export function openMessage(sealed: Buffer, messageId: string, key: QueueKey): OutgoingMessage | null {
  if (sealed.length < 1 + NONCE_BYTES + LENGTH_BYTES + TAG_BYTES || sealed[0] !== VERSION) return null;
  const nonce = sealed.subarray(1, 1 + NONCE_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', key.reveal(), nonce, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(messageId));
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
  try {
    const opened = Buffer.concat([decipher.update(sealed.subarray(1 + NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
    const envelopeEnd = LENGTH_BYTES + opened.readUInt32BE(0);
    const envelope = sealedEnvelope.parse(JSON.parse(opened.toString('utf8', LENGTH_BYTES, envelopeEnd)));
    return { ...envelope, octets: opened.subarray(envelopeEnd) };
  } catch {
    return null;
  }
}
