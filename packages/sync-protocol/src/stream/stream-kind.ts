import { z } from 'zod';
import { bytes } from '../messages/fields.js';
import { PROTOCOL_VERSION } from '../protocol-version.js';

const headerFields = { v: z.literal(PROTOCOL_VERSION), count: z.int().nonnegative() };

/** Fields of every header. */
export interface StreamHeader {
  v: number;
  kind: string;
  count: number;
}

/** What one kind of stream holds: the schema of its header and of its items. */
export interface StreamKind<Header extends z.ZodType<StreamHeader> = z.ZodType<StreamHeader>, Item extends z.ZodType = z.ZodType> {
  readonly kind: string;
  readonly header: Header;
  readonly item: Item;
}

export type HeaderOf<Kind extends StreamKind> = z.output<Kind['header']>;
export type ItemOf<Kind extends StreamKind> = z.output<Kind['item']>;

/** Declares a kind of stream; `extra` are the header fields besides `v`, `kind` and `count`. */
export function streamKind<const Name extends string, Extra extends z.ZodRawShape, Item extends z.ZodType>(kind: Name, extra: Extra, item: Item) {
  return { kind, header: z.object({ ...headerFields, kind: z.literal(kind), ...extra }), item };
}

/** Record that ends every stream. `digest`: SHA-256 over every octet before it. */
export const endRecord = z.object({ end: z.literal(true), count: z.int().nonnegative(), digest: bytes.refine((digest) => digest.length === 32) });
