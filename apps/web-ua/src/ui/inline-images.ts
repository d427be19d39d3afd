// Pictures inside a mail (`cid:`), as data: URLs for the frame, which may fetch nothing by itself.

import type { BlobStore } from '../jmap/blobs.js';
import type { EmailBodyPart } from '../jmap/types.js';

/** Not SVG: it is a document with scripts and links of its own. */
const RASTER_TYPES: ReadonlySet<string> = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/avif', 'image/bmp']);
/** All pictures of one message together. More would be copied into the frame as text for seconds. */
const MAX_INLINE_BYTES = 12_000_000;

/** By Content-ID without brackets. What cannot be loaded is left out; the mail shows without it. */
export async function loadInlineImages(html: string, parts: readonly EmailBodyPart[], blobs: BlobStore): Promise<Record<string, string>> {
  const images = await Promise.all(withinLimit(parts.filter((part) => isShownInline(html, part))).map(async ({ blobId, cid, type }) => {
    const blob = await blobs.download(blobId ?? '', 'image').catch(() => null);
    return blob && cid ? [[cid, await toDataUrl(blob, type.toLowerCase())] as const] : [];
  }));
  return Object.fromEntries(images.flat());
}

/** Whether the part is a picture that the HTML shows in its text, so that it need not be listed below it. */
export const isShownInline = (html: string, { blobId, cid, type }: EmailBodyPart): boolean =>
  blobId !== null && cid !== null && RASTER_TYPES.has(type.toLowerCase()) && (html.includes(`cid:${cid}`) || html.includes(`cid:${encodeURIComponent(cid)}`));

function withinLimit(parts: readonly EmailBodyPart[]): EmailBodyPart[] {
  let sumBytes = 0;
  return parts.filter(({ size }) => (sumBytes += size) <= MAX_INLINE_BYTES);
}

function toDataUrl(blob: Blob, type: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(new Blob([blob], { type }));
  });
}
