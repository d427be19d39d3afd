/** Why one object of a /set was not created, updated or destroyed: RFC 8620 §5.3, RFC 8621 §2.5, §4.6, §4.8, §7.5. */
export type SetErrorType =
  | 'forbidden'
  | 'tooLarge'
  | 'notFound'
  | 'invalidPatch'
  | 'willDestroy'
  | 'invalidProperties'
  | 'alreadyExists'
  | 'mailboxHasChild'
  | 'mailboxHasEmail'
  | 'blobNotFound'
  | 'tooManyKeywords'
  | 'tooManyMailboxes'
  | 'invalidEmail'
  | 'tooManyRecipients'
  | 'noRecipients'
  | 'invalidRecipients'
  | 'forbiddenMailFrom'
  | 'forbiddenFrom'
  | 'cannotUnsend';

export interface SetError {
  readonly type: SetErrorType;
  readonly description?: string;
  /** For "invalidProperties". */
  readonly properties?: readonly string[];
  /** For "blobNotFound". */
  readonly notFound?: readonly string[];
  /** For "alreadyExists". */
  readonly existingId?: string;
  /** For "tooManyRecipients". */
  readonly maxRecipients?: number;
  /** For "invalidRecipients". */
  readonly invalidRecipients?: readonly string[];
}

export type SetRefusal = { readonly ok: false; readonly error: SetError };
export type SetOutcome<Value> = { readonly ok: true; readonly value: Value } | SetRefusal;

export const done = <Value>(value: Value): SetOutcome<Value> => ({ ok: true, value });

export const refuse = (type: SetErrorType, details: Omit<SetError, 'type'> = {}): SetRefusal => ({ ok: false, error: { type, ...details } });

export const invalidProperties = (...properties: string[]): SetRefusal => refuse('invalidProperties', { properties });
