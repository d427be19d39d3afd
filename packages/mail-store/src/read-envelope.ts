import { findField, imapEnvelope, parseHeaderBlock, parseMessageIdList } from '@paloma/mail-format';
import type { EmailEnvelope } from './port/index.js';

export function readEnvelope(headerBlock: Uint8Array): Omit<EmailEnvelope, 'uid'> {
  const references = findField(parseHeaderBlock(headerBlock), 'References');
  return { envelope: imapEnvelope(headerBlock), references: parseMessageIdList(references?.text ?? '') };
}
