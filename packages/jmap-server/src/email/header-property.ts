// Properties `header:{name}[:as{Form}][:all]`, RFC 8621 §4.1.2 and §4.1.3.

export const HEADER_FORMS = ['Raw', 'Text', 'Addresses', 'GroupedAddresses', 'MessageIds', 'Date', 'URLs'] as const;
export type HeaderForm = (typeof HEADER_FORMS)[number];

export interface HeaderProperty {
  fieldName: string;
  form: HeaderForm;
  isAll: boolean;
}

// field-name = 1*ftext; ftext = %d33-57 / %d59-126     RFC 5322 §3.6.8
const HEADER_PROPERTY = /^header:([\x21-\x39\x3b-\x7e]{1,256})(?::as(Raw|Text|Addresses|GroupedAddresses|MessageIds|Date|URLs))?(:all)?$/;

const ADDRESS_FIELDS = ['from', 'sender', 'reply-to', 'to', 'cc', 'bcc', 'resent-from', 'resent-sender', 'resent-reply-to', 'resent-to', 'resent-cc', 'resent-bcc'];
const MESSAGE_ID_FIELDS = ['message-id', 'in-reply-to', 'references', 'resent-message-id'];
const DATE_FIELDS = ['date', 'resent-date'];
const URL_FIELDS = ['list-help', 'list-unsubscribe', 'list-subscribe', 'list-post', 'list-owner', 'list-archive'];
const TEXT_FIELDS = ['subject', 'comments', 'keywords', 'list-id'];
/** Of RFC 5322, with a syntax that fits no form. */
const RAW_FIELDS = ['return-path', 'received'];

/** Forms of the fields that RFC 5322 and RFC 2369 define; every other field may be read in any form (RFC 8621 §4.1.2). */
const FORMS_OF_FIELD: ReadonlyMap<string, readonly HeaderForm[]> = new Map([
  ...formsOf(ADDRESS_FIELDS, ['Raw', 'Addresses', 'GroupedAddresses']),
  ...formsOf(MESSAGE_ID_FIELDS, ['Raw', 'MessageIds']),
  ...formsOf(DATE_FIELDS, ['Raw', 'Date']),
  ...formsOf(URL_FIELDS, ['Raw', 'URLs']),
  ...formsOf(TEXT_FIELDS, ['Raw', 'Text']),
  ...formsOf(RAW_FIELDS, ['Raw']),
]);

function formsOf(fieldNames: readonly string[], forms: readonly HeaderForm[]): [string, readonly HeaderForm[]][] {
  return fieldNames.map((fieldName) => [fieldName, forms]);
}

/** `null`: not a header property, or a form that the field does not have. */
export function parseHeaderProperty(property: string): HeaderProperty | null {
  const match = HEADER_PROPERTY.exec(property);
  if (!match?.[1]) return null;
  const fieldName = match[1];
  const form = HEADER_FORMS.find((name) => name === match[2]) ?? 'Raw';
  const forms = FORMS_OF_FIELD.get(fieldName.toLowerCase()) ?? HEADER_FORMS;
  return forms.includes(form) ? { fieldName, form, isAll: match[3] !== undefined } : null;
}

/** Shorthands for one form of one field, RFC 8621 §4.1.2.1. */
export const CONVENIENCE_PROPERTIES = {
  messageId: { fieldName: 'Message-ID', form: 'MessageIds', isAll: false },
  inReplyTo: { fieldName: 'In-Reply-To', form: 'MessageIds', isAll: false },
  references: { fieldName: 'References', form: 'MessageIds', isAll: false },
  sender: { fieldName: 'Sender', form: 'Addresses', isAll: false },
  from: { fieldName: 'From', form: 'Addresses', isAll: false },
  to: { fieldName: 'To', form: 'Addresses', isAll: false },
  cc: { fieldName: 'Cc', form: 'Addresses', isAll: false },
  bcc: { fieldName: 'Bcc', form: 'Addresses', isAll: false },
  replyTo: { fieldName: 'Reply-To', form: 'Addresses', isAll: false },
  subject: { fieldName: 'Subject', form: 'Text', isAll: false },
  sentAt: { fieldName: 'Date', form: 'Date', isAll: false },
} as const satisfies Record<string, HeaderProperty>;

export type ConvenienceProperty = keyof typeof CONVENIENCE_PROPERTIES;

export function isConvenienceProperty(property: string): property is ConvenienceProperty {
  return Object.hasOwn(CONVENIENCE_PROPERTIES, property);
}

/** The header field that a property of either kind reads; `null` when it is neither. */
export function headerPropertyNamed(property: string): HeaderProperty | null {
  return isConvenienceProperty(property) ? CONVENIENCE_PROPERTIES[property] : parseHeaderProperty(property);
}
