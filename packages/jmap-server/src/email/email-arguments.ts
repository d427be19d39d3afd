// The arguments that Email/get and Email/parse share, RFC 8621 §4.2 and §4.9.

import { z } from 'zod';
import { PALOMA } from '../capabilities.js';
import type { MethodContext } from '../method.js';
import { assertBodyProperties, DEFAULT_BODY_PROPERTIES } from './body-part.js';
import { assertEmailProperties, type EmailOptions } from './email-object.js';

/** More names than there are useful forms of header fields in a message. */
const MAX_PROPERTIES = 500;

export const EMAIL_ARGUMENTS = {
  properties: z.array(z.string()).max(MAX_PROPERTIES).nullish(),
  bodyProperties: z.array(z.string()).max(MAX_PROPERTIES).nullish(),
  fetchTextBodyValues: z.boolean().nullish(),
  fetchHTMLBodyValues: z.boolean().nullish(),
  fetchAllBodyValues: z.boolean().nullish(),
  maxBodyValueBytes: z.number().int().nonnegative().nullish(),
};

type EmailArguments = z.output<z.ZodObject<typeof EMAIL_ARGUMENTS>>;

/** @throws {JmapError} "invalidArguments" for unknown properties */
export function emailOptions(arguments_: EmailArguments, defaultProperties: readonly string[], { using, limits }: MethodContext): EmailOptions {
  const properties = arguments_.properties ?? defaultProperties;
  const bodyProperties = arguments_.bodyProperties ?? DEFAULT_BODY_PROPERTIES;
  assertEmailProperties(properties, using.has(PALOMA));
  assertBodyProperties(bodyProperties);
  return {
    properties,
    bodyProperties,
    fetchTextBodyValues: arguments_.fetchTextBodyValues ?? false,
    fetchHTMLBodyValues: arguments_.fetchHTMLBodyValues ?? false,
    fetchAllBodyValues: arguments_.fetchAllBodyValues ?? false,
    maxBodyValueBytes: Math.min(arguments_.maxBodyValueBytes ?? 0, limits.maxBodyValuesBytes),
  };
}
