// body = "(" (body-type-1part / body-type-mpart) ")"     RFC 3501 §9. BODY is BODYSTRUCTURE without extension data.

import type { ImapBodyStructure } from '@paloma/mail-format';
import { formatEnvelope } from './envelope.js';
import { formatNString, formatString } from './string.js';

export function formatBodyStructure(structure: ImapBodyStructure, { isExtensible }: { isExtensible: boolean }): string {
  const basic = structure.kind === 'multipart' ? formatMultipart(structure, isExtensible) : formatSinglePart(structure, isExtensible);
  return `(${[...basic, ...(isExtensible ? formatExtension(structure) : [])].join(' ')})`;
}

// body-type-mpart = 1*body SP media-subtype [SP body-ext-mpart]
function formatMultipart({ parts, subtype, parameters }: Extract<ImapBodyStructure, { kind: 'multipart' }>, isExtensible: boolean): string[] {
  // A multipart without parts cannot be written; an empty text stands in its place.
  const bodies = parts.length === 0 ? [EMPTY_PART] : parts.map((part) => formatBodyStructure(part, { isExtensible }));
  return [bodies.join(''), formatString(subtype), ...(isExtensible ? [formatParameters(parameters)] : [])];
}

const EMPTY_PART = '("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 0 0)';

// body-type-1part = (body-type-basic / body-type-msg / body-type-text) [SP body-ext-1part]
function formatSinglePart(part: Exclude<ImapBodyStructure, { kind: 'multipart' }>, isExtensible: boolean): string[] {
  const fields = [
    formatString(part.type), formatString(part.subtype), formatParameters(part.parameters),
    formatNString(part.id), formatNString(part.description), formatString(part.encoding), String(part.sizeBytes),
  ];
  if (part.kind === 'message') fields.push(formatEnvelope(part.envelope), formatBodyStructure(part.bodyStructure, { isExtensible }));
  if (part.kind !== 'basic') fields.push(String(part.lines));
  return isExtensible ? [...fields, formatNString(part.md5)] : fields;
}

// body-fld-dsp [SP body-fld-lang [SP body-fld-loc]]
function formatExtension({ disposition, language, location }: ImapBodyStructure): string[] {
  const dsp = disposition ? `(${formatString(disposition.type)} ${formatParameters(disposition.parameters)})` : 'NIL';
  const lang = language.length === 0 ? 'NIL' : `(${language.map(formatString).join(' ')})`;
  return [dsp, lang, formatNString(location)];
}

function formatParameters(parameters: readonly (readonly [string, string])[]): string {
  return parameters.length === 0 ? 'NIL' : `(${parameters.flat().map(formatString).join(' ')})`;
}
