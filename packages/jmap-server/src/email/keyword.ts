import { z } from 'zod';

/** RFC 8621 §4.1.1: compared without case, kept in lower case. The name that sets an object's prototype cannot be stored. */
export const keyword = z.string().regex(/^[\x21\x23\x24\x26\x27\x2b-\x5b\x5e-\x7a\x7c\x7e]{1,255}$/)
  .transform((text) => text.toLowerCase())
  .refine((text) => text !== '__proto__');

/** `{keyword: true, …}` as a list. */
export const keywordSet = z.record(z.string(), z.literal(true)).transform((set, context) => Object.keys(set).map((name) => {
  const parsed = keyword.safeParse(name);
  if (!parsed.success) context.addIssue({ code: 'custom', message: 'not a keyword' });
  return parsed.data ?? '';
}));
