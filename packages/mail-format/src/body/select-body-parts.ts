// Which parts are "the text", "the HTML" and attachments: the decomposition of RFC 8621 §4.1.4.

import type { MessagePart } from '@paloma/shared-model';
import { isMultipart } from '../structure/part-tree.js';

export interface BodyParts {
  textBody: MessagePart[];
  htmlBody: MessagePart[];
  attachments: MessagePart[];
}

/** Lists under construction. `null`: in this multipart the form is closed, since the other form of an alternative was found. */
interface BodyLists {
  text: MessagePart[] | null;
  html: MessagePart[] | null;
  attachments: MessagePart[];
}

interface Surroundings {
  multipartSubtype: string;
  isInAlternative: boolean;
}

export function selectBodyParts(rootPart: MessagePart): BodyParts {
  const textBody: MessagePart[] = [];
  const htmlBody: MessagePart[] = [];
  const attachments: MessagePart[] = [];
  collect([rootPart], { multipartSubtype: 'mixed', isInAlternative: false }, { text: textBody, html: htmlBody, attachments });
  return { textBody, htmlBody, attachments };
}

/** RFC 8621 §4.1.4: something the user would call an attachment. Parts of a signature or of key exchange are none. */
export function hasAttachment(rootPart: MessagePart): boolean {
  return selectBodyParts(rootPart).attachments.some((part) => part.disposition !== 'inline' && !isProtocolPart(part));
}

function isProtocolPart(part: MessagePart): boolean {
  return /^application\/(?:pgp-signature|pgp-encrypted|pgp-keys|pkcs7-signature|x-pkcs7-signature)$/.test(part.mediaType);
}

function collect(parts: readonly MessagePart[], around: Surroundings, outerLists: BodyLists): void {
  const lists = { ...outerLists };
  const textLength = lists.text?.length ?? -1;
  const htmlLength = lists.html?.length ?? -1;
  for (const [index, part] of parts.entries()) {
    if (isMultipart(part)) collect(part.children, inside(part, around), lists);
    else if (!isInline(part, index, around)) lists.attachments.push(part);
    else if (around.multipartSubtype === 'alternative') addAlternative(part, lists);
    else addInSequence(part, around, lists);
  }
  if (around.multipartSubtype === 'alternative') fillMissingForm(lists, textLength, htmlLength);
}

function inside(part: MessagePart, around: Surroundings): Surroundings {
  const multipartSubtype = part.mediaType.slice('multipart/'.length);
  return { multipartSubtype, isInAlternative: around.isInAlternative || multipartSubtype === 'alternative' };
}

function isInline(part: MessagePart, index: number, around: Surroundings): boolean {
  const isText = part.mediaType === 'text/plain' || part.mediaType === 'text/html';
  if (part.disposition === 'attachment' || !(isText || isMedia(part))) return false;
  // Past the first part, a named text is taken for a file, and whatever belongs to multipart/related for its resource.
  return index === 0 || (around.multipartSubtype !== 'related' && (isMedia(part) || part.filename === null));
}

function isMedia(part: MessagePart): boolean {
  return /^(?:image|audio|video)\//.test(part.mediaType);
}

function addAlternative(part: MessagePart, lists: BodyLists): void {
  if (part.mediaType === 'text/plain') lists.text?.push(part);
  else if (part.mediaType === 'text/html') lists.html?.push(part);
  else lists.attachments.push(part);
}

function addInSequence(part: MessagePart, around: Surroundings, lists: BodyLists): void {
  if (around.isInAlternative && part.mediaType === 'text/plain') lists.html = null;
  if (around.isInAlternative && part.mediaType === 'text/html') lists.text = null;
  lists.text?.push(part);
  lists.html?.push(part);
  if ((lists.text === null || lists.html === null) && isMedia(part)) lists.attachments.push(part);
}

/** An alternative that had one form alone stands for the other too. */
function fillMissingForm(lists: BodyLists, textLength: number, htmlLength: number): void {
  if (lists.text === null || lists.html === null) return;
  const newText = lists.text.slice(textLength);
  const newHtml = lists.html.slice(htmlLength);
  if (newText.length === 0) lists.text.push(...newHtml);
  else if (newHtml.length === 0) lists.html.push(...newText);
}
