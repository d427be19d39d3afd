// body = "(" (body-type-1part / body-type-mpart) ")"     RFC 3501 §9. BODY is BODYSTRUCTURE without extension data.

import { formatImapEnvelope } from './format-envelope.js';
import type { ImapBodyStructure } from './imap-body-structure.js';
import { formatImapNString, formatImapString } from './imap-string.js';

/** As a FETCH answer has it: BODYSTRUCTURE, or BODY where it is not extensible. */
export function formatImapBodyStructure(structure: ImapBodyStructure, { isExtensible }: { isExtensible: boolean }): string {
  const basic = structure.kind === 'multipart' ? formatMultipart(structure, isExtensible) : formatSinglePart(structure, isExtensible);
  return `(${[...basic, ...(isExtensible ? formatExtension(structure) : [])].join(' ')})`;
}

// body-type-mpart = 1*body SP media-subtype [SP body-ext-mpart]
function formatMultipart({ parts, subtype, parameters }: Extract<ImapBodyStructure, { kind: 'multipart' }>, isExtensible: boolean): string[] {
  // A multipart without parts cannot be written; an empty text stands in its place.
  const bodies = parts.length === 0 ? [EMPTY_PART] : parts.map((part) => formatImapBodyStructure(part, { isExtensible }));
  return [bodies.join(''), formatImapString(subtype), ...(isExtensible ? [formatParameters(parameters)] : [])];
}

const EMPTY_PART = '("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 0 0)';

// body-type-1part = (body-type-basic / body-type-msg / body-type-text) [SP body-ext-1part]
function formatSinglePart(part: Exclude<ImapBodyStructure, { kind: 'multipart' }>, isExtensible: boolean): string[] {
  const fields = [
    formatImapString(part.type), formatImapString(part.subtype), formatParameters(part.parameters),
    formatImapNString(part.id), formatImapNString(part.description), formatImapString(part.encoding), String(part.sizeBytes),
  ];
  if (part.kind === 'message') fields.push(formatImapEnvelope(part.envelope), formatImapBodyStructure(part.bodyStructure, { isExtensible }));
  if (part.kind !== 'basic') fields.push(String(part.lines));
  return isExtensible ? [...fields, formatImapNString(part.md5)] : fields;
}

// body-fld-dsp [SP body-fld-lang [SP body-fld-loc]]
function formatExtension({ disposition, language, location }: ImapBodyStructure): string[] {
  const dsp = disposition ? `(${formatImapString(disposition.type)} ${formatParameters(disposition.parameters)})` : 'NIL';
  const lang = language.length === 0 ? 'NIL' : `(${language.map(formatImapString).join(' ')})`;
  return [dsp, lang, formatImapNString(location)];
}

function formatParameters(parameters: readonly (readonly [string, string])[]): string {
  return parameters.length === 0 ? 'NIL' : `(${parameters.flat().map(formatImapString).join(' ')})`;
}
