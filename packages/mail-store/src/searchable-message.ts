// A message as searches see it, and the conditions on it that need no more than that. The memory twin decides every
// email with these functions; the document store's SQL must give the same answers.

import type { HeaderTexts } from './header-texts.js';
import { foldText } from './folded-text.js';
import type { EmailCondition } from './port/index.js';

export interface SearchableMessage {
  texts: HeaderTexts;
  /** Folded file names, one on each line. */
  attachmentNames: string;
  /** Folded text of the bodies. */
  bodyText: string;
  hasAttachment: boolean;
  sizeBytes: number;
}

export const TEXT_CONDITIONS = ['text', 'from', 'to', 'cc', 'bcc', 'subject', 'body'] as const;
export type TextCondition = (typeof TEXT_CONDITIONS)[number];

/** Texts that a condition looks into. */
export function textsFor(condition: TextCondition, message: SearchableMessage): string[] {
  const { texts } = message;
  if (condition === 'body') return [message.bodyText];
  if (condition !== 'text') return [texts[condition]];
  return [texts.from, texts.to, texts.cc, texts.bcc, texts.subject, texts.otherAddresses, message.attachmentNames, message.bodyText];
}

export function matchesTexts(message: SearchableMessage, condition: EmailCondition): boolean {
  return TEXT_CONDITIONS.every((name) => {
    const needle = condition[name];
    return needle === undefined || textsFor(name, message).some((text) => text.includes(foldText(needle)));
  });
}

/** `header` condition on the fields of one message, RFC 8621 §4.4.1: the field is there, or its value holds the text. */
export function matchesHeader(fields: readonly (readonly [name: string, value: string])[], header: NonNullable<EmailCondition['header']>): boolean {
  const name = header[0].toLowerCase();
  const needle = foldText(header[1] ?? '');
  return fields.some((field) => field[0] === name && field[1].includes(needle));
}
