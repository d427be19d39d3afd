// BODYSTRUCTURE of IMAP, RFC 9051 §7.5.2, as plain values. Parameters are shown as they stand in the header (RFC 2231
// continuations not put together), which is what clients decode.

import type { MessagePart } from '@paloma/shared-model';
import { findField, parseHeaderBlock, type HeaderField } from '../header/header-field.js';
import type { RawParameter } from '../header/parameterized-value.js';
import { parameterizedField } from '../structure/part-facts.js';
import { isEmbeddedMessage, isMultipart } from '../structure/part-tree.js';
import { imapEnvelope, type ImapEnvelope } from './imap-envelope.js';

export interface ImapDisposition {
  type: string;
  parameters: readonly RawParameter[];
}

interface ImapPartExtension {
  disposition: ImapDisposition | null;
  language: string[];
  location: string | null;
}

interface ImapSinglePart extends ImapPartExtension {
  type: string;
  subtype: string;
  parameters: readonly RawParameter[];
  id: string | null;
  description: string | null;
  encoding: string;
  sizeBytes: number;
  md5: string | null;
}

export type ImapBodyStructure =
  | (ImapPartExtension & { kind: 'multipart'; subtype: string; parameters: readonly RawParameter[]; parts: ImapBodyStructure[] })
  | (ImapSinglePart & { kind: 'basic' })
  | (ImapSinglePart & { kind: 'text'; lines: number })
  | (ImapSinglePart & { kind: 'message'; lines: number; envelope: ImapEnvelope; bodyStructure: ImapBodyStructure });

/** Gives `length` octets of the message from `offset`; asked for part headers only. */
export type OctetSource = (offset: number, length: number) => Uint8Array;

export function imapBodyStructure(rootPart: MessagePart, source: Uint8Array | OctetSource): ImapBodyStructure {
  const read: OctetSource = typeof source === 'function' ? source : (offset, length) => source.subarray(offset, offset + length);
  return describe(rootPart, read);
}

function describe(part: MessagePart, read: OctetSource): ImapBodyStructure {
  const fields = parseHeaderBlock(headerOctets(part, read));
  if (isMultipart(part)) return describeMultipart(part, fields, read);
  const single = describeSingle(part, fields);
  const [embedded] = part.children;
  if (isEmbeddedMessage(part) && embedded !== undefined) {
    const envelope = imapEnvelope(headerOctets(embedded, read));
    return { kind: 'message', ...single, lines: part.bodyLines, envelope, bodyStructure: describe(embedded, read) };
  }
  return single.type === 'text' ? { kind: 'text', ...single, lines: part.bodyLines } : { kind: 'basic', ...single };
}

function headerOctets(part: MessagePart, read: OctetSource): Uint8Array {
  return read(part.headerOffset, part.bodyOffset - part.headerOffset);
}

function describeMultipart(part: MessagePart, fields: HeaderField[], read: OctetSource): ImapBodyStructure {
  const subtype = part.mediaType.slice('multipart/'.length);
  const parts = part.children.map((child) => describe(child, read));
  return { kind: 'multipart', subtype, parameters: typeParameters(part, fields), parts, ...extension(fields) };
}

function describeSingle(part: MessagePart, fields: HeaderField[]): ImapSinglePart {
  const [type, subtype] = wireType(part);
  return {
    type,
    subtype,
    parameters: typeParameters(part, fields),
    id: textOf(fields, 'Content-ID'),
    description: textOf(fields, 'Content-Description'),
    encoding: part.transferEncoding,
    sizeBytes: part.bodyBytes,
    md5: textOf(fields, 'Content-MD5'),
    ...extension(fields),
  };
}

/** A message that was not looked into cannot be called message/rfc822, whose structure must follow (RFC 9051 §9 media-message). */
function wireType(part: MessagePart): [type: string, subtype: string] {
  const isClosedMessage = part.mediaType === 'message/rfc822' || part.mediaType === 'message/global';
  if (isClosedMessage && !isEmbeddedMessage(part)) return ['application', 'octet-stream'];
  const slash = part.mediaType.indexOf('/');
  return [part.mediaType.slice(0, slash), part.mediaType.slice(slash + 1)];
}

/** RFC 2045 §5.2: us-ascii is said where the header is silent. Parameters of a type that was not believed are not shown. */
function typeParameters(part: MessagePart, fields: HeaderField[]): readonly RawParameter[] {
  const contentType = parameterizedField(fields, 'Content-Type');
  if (contentType?.value === part.mediaType) return contentType.rawParameters;
  return part.mediaType === 'text/plain' ? [['charset', 'us-ascii']] : [];
}

function extension(fields: HeaderField[]): ImapPartExtension {
  const disposition = parameterizedField(fields, 'Content-Disposition');
  const isPresent = disposition !== null && disposition.value !== '';
  return {
    disposition: isPresent ? { type: disposition.value, parameters: disposition.rawParameters } : null,
    language: (textOf(fields, 'Content-Language') ?? '').split(',').map((tag) => tag.trim()).filter((tag) => tag !== ''),
    location: textOf(fields, 'Content-Location'),
  };
}

function textOf(fields: HeaderField[], name: string): string | null {
  return findField(fields, name)?.text ?? null;
}
