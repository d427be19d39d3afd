// Body of an Email that a client creates, RFC 8621 §4.6: `textBody`, `htmlBody` and `attachments`, or a `bodyStructure`.
// A structure is read for its text, its HTML and its other parts, and written as `composeMessage` arranges those: what
// a reader sees is the same, how multiparts are nested may differ.

import type { AttachmentInput } from '@paloma/mail-format';
import { z } from 'zod';
import type { AccountContext } from '../account-context.js';
import { loadBlob } from '../blob/load-blob.js';
import type { JsonObject } from '../json.js';
import { schemaRefusal } from '../standard-methods/schema-refusal.js';
import { done, invalidProperties, refuse, type SetOutcome } from '../standard-methods/set-error.js';

/** Deeper structures than people write. */
const MAX_STRUCTURE_DEPTH = 10;
const MAX_ATTACHMENTS = 500;

export interface NewEmailBody {
  textBody?: string;
  htmlBody?: string;
  attachments: AttachmentInput[];
}

const MEDIA_TYPE = /^[a-z0-9!#$&^_.+-]{1,64}\/[a-z0-9!#$&^_.+-]{1,127}$/;
const mediaType = z.string().transform((type) => type.toLowerCase()).pipe(z.string().regex(MEDIA_TYPE));

const bodyPart = z.strictObject({
  partId: z.string().nullish(),
  blobId: z.string().nullish(),
  size: z.number().nullish(),
  name: z.string().max(1000).nullish(),
  type: mediaType.nullish(),
  charset: z.string().nullish(),
  disposition: z.string().nullish(),
  cid: z.string().max(500).nullish(),
  language: z.null().optional(),
  location: z.null().optional(),
  subParts: z.array(z.record(z.string(), z.unknown())).nullish(),
});
type NewBodyPart = z.output<typeof bodyPart>;

const bodyValue = z.strictObject({ value: z.string(), isEncodingProblem: z.literal(false).optional(), isTruncated: z.literal(false).optional() });

const bodyProperties = z.object({
  bodyValues: z.record(z.string(), bodyValue).nullish(),
  textBody: z.array(bodyPart).length(1).nullish(),
  htmlBody: z.array(bodyPart).length(1).nullish(),
  attachments: z.array(bodyPart).max(MAX_ATTACHMENTS).nullish(),
  bodyStructure: bodyPart.nullish(),
});
type BodyProperties = z.output<typeof bodyProperties>;
type BodyValues = NonNullable<BodyProperties['bodyValues']>;

interface SortedParts {
  text: NewBodyPart | null;
  html: NewBodyPart | null;
  others: NewBodyPart[];
}

export const BODY_PROPERTIES: readonly string[] = Object.keys(bodyProperties.shape);

export async function parseNewBody(properties: JsonObject, account: AccountContext): Promise<SetOutcome<NewEmailBody>> {
  const parsed = bodyProperties.safeParse(properties);
  if (!parsed.success) return schemaRefusal(parsed.error);
  const sorted = parsed.data.bodyStructure ? partsOfStructure(parsed.data) : partsOfLists(parsed.data);
  return sorted.ok ? readParts(sorted.value, parsed.data.bodyValues ?? {}, account) : sorted;
}

function partsOfLists({ textBody, htmlBody, attachments }: BodyProperties): SetOutcome<SortedParts> {
  const [text, html] = [textBody?.[0] ?? null, htmlBody?.[0] ?? null];
  if (text && (text.type ?? 'text/plain') !== 'text/plain') return invalidProperties('textBody');
  if (html && html.type !== 'text/html') return invalidProperties('htmlBody');
  return done({ text, html, others: attachments ?? [] });
}

function partsOfStructure({ bodyStructure, textBody, htmlBody, attachments }: BodyProperties): SetOutcome<SortedParts> {
  const sorted: SortedParts = { text: null, html: null, others: [] };
  const isAlone = !textBody && !htmlBody && !attachments;
  return isAlone && bodyStructure && sortInto(sorted, bodyStructure, MAX_STRUCTURE_DEPTH) ? done(sorted) : invalidProperties('bodyStructure');
}

/** False when the structure cannot be read. */
function sortInto(sorted: SortedParts, part: NewBodyPart, maxDepth: number): boolean {
  const type = part.type ?? 'text/plain';
  if (type.startsWith('multipart/')) return maxDepth > 0 && (part.subParts ?? []).every((child) => {
    const parsed = bodyPart.safeParse(child);
    return parsed.success && sortInto(sorted, parsed.data, maxDepth - 1);
  });
  const isFile = part.disposition === 'attachment' || (part.name ?? null) !== null;
  if (type === 'text/plain' && !isFile && !sorted.text) sorted.text = part;
  else if (type === 'text/html' && !isFile && !sorted.html) sorted.html = part;
  else sorted.others.push(part);
  return sorted.others.length <= MAX_ATTACHMENTS;
}

async function readParts({ text, html, others }: SortedParts, values: BodyValues, account: AccountContext): Promise<SetOutcome<NewEmailBody>> {
  const body: NewEmailBody = { attachments: [] };
  const missing: string[] = [];
  for (const part of [text, html, ...others]) {
    if (!part) continue;
    const octets = await contentOf(part, values, account);
    if (octets === 'malformed') return invalidProperties('bodyValues');
    if (octets === 'blobNotFound') missing.push(part.blobId ?? '');
    else if (part === text) body.textBody = decodeUtf8(octets);
    else if (part === html) body.htmlBody = decodeUtf8(octets);
    else body.attachments.push(attachmentOf(part, octets));
  }
  return missing.length > 0 ? refuse('blobNotFound', { notFound: missing }) : done(body);
}

/** Either a body value or a blob, RFC 8621 §4.6; charset and size are ours to tell for a value. */
async function contentOf(part: NewBodyPart, values: BodyValues, account: AccountContext): Promise<Uint8Array | 'malformed' | 'blobNotFound'> {
  const { partId, blobId, charset, size } = part;
  if (blobId != null) return partId != null ? 'malformed' : ((await loadBlob(blobId, account))?.octets ?? 'blobNotFound');
  const value = partId != null && Object.hasOwn(values, partId) ? values[partId] : undefined;
  if (!value || charset != null || size != null) return 'malformed';
  return new TextEncoder().encode(value.value);
}

function attachmentOf({ type, name, disposition, cid }: NewBodyPart, octets: Uint8Array): AttachmentInput {
  return {
    octets,
    mediaType: type ?? 'text/plain',
    filename: name ?? null,
    disposition: disposition === 'inline' ? 'inline' : 'attachment',
    contentId: cid ?? null,
  };
}

function decodeUtf8(octets: Uint8Array): string {
  return new TextDecoder().decode(octets);
}
