// What is read out of a message once, when it is filed, so that lists, searches, sorts and threads need no parsing.

import { hasAttachment, parseMessage, partEnd, previewText, walkParts } from '@paloma/mail-format';
import type { MessagePart } from '@paloma/shared-model';
import { foldedBodyText } from './body-text.js';
import { foldText } from './folded-text.js';
import { readHeaderTexts } from './header-texts.js';
import type { SearchableMessage } from './searchable-message.js';

/** As the message document bounds it. */
export const MAX_PREVIEW_CHARS = 256;
/** Characters of all attachment names of one message that can be searched. */
const MAX_ATTACHMENT_NAMES_CHARS = 8 * 1024;

export interface ReadMessage extends SearchableMessage {
  headerBlock: Uint8Array;
  rootPart: MessagePart;
  preview: string;
}

export function readMessage(octets: Uint8Array): ReadMessage {
  const { headerEndOffset, rootPart } = parseMessage(octets);
  const headerBlock = octets.slice(0, headerEndOffset);
  return {
    headerBlock, rootPart,
    preview: previewText(octets, rootPart, MAX_PREVIEW_CHARS),
    hasAttachment: hasAttachment(rootPart),
    sizeBytes: octets.length,
    texts: readHeaderTexts(headerBlock),
    attachmentNames: foldedAttachmentNames(rootPart),
    bodyText: foldedBodyText(rootPart, (part) => octets.subarray(part.bodyOffset, partEnd(part))),
  };
}

export function foldedAttachmentNames(rootPart: MessagePart): string {
  const names = [...walkParts(rootPart)].flatMap(({ filename }) => filename ?? []);
  return foldText(names.join('\n').slice(0, MAX_ATTACHMENT_NAMES_CHARS));
}
