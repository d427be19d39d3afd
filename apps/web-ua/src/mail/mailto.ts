// `mailto:` links start a message. Only recipients, subject and body are taken: other fields could attach files or hide
// recipients (RFC 6068 §7).

import { parseAddressList } from './address-list.js';
import type { Draft } from './draft.js';

export function draftFromMailto(url: string): Partial<Draft> {
  const { pathname, searchParams } = new URL(url.replaceAll('+', '%2B'));
  const field = (name: string): string => [...searchParams].filter(([key]) => key.toLowerCase() === name).map(([, value]) => value).join(', ');
  return {
    to: [...parseAddressList(decodeURIComponent(pathname)), ...parseAddressList(field('to'))],
    cc: parseAddressList(field('cc')),
    subject: field('subject').replaceAll(/[\r\n]+/g, ' '),
    body: field('body').replaceAll('\r\n', '\n'),
  };
}
