import { createContext, useContext } from 'react';
import { dateFormats, type DateFormats } from '../mail/local-date.js';
import { en, type Messages } from './en.js';

/** By language, without region. To add one: copy `en.ts`, translate, list it here. */
const LANGUAGES: Readonly<Record<string, Messages>> = { en };

export interface Language {
  messages: Messages;
  dates: DateFormats;
}

/** The first of the reader's languages that we have, dates in the reader's own regional form of it. */
export function chooseLanguage(preferred: readonly string[]): Language {
  for (const tag of preferred) {
    const messages = LANGUAGES[tag.split('-')[0] ?? ''];
    if (messages) return { messages, dates: dateFormats(tag) };
  }
  return { messages: en, dates: dateFormats(en.locale) };
}

export const LanguageContext = createContext<Language>({ messages: en, dates: dateFormats(en.locale) });

export const useMessages = (): Messages => useContext(LanguageContext).messages;
export const useDates = (): DateFormats => useContext(LanguageContext).dates;
export type { Messages };
