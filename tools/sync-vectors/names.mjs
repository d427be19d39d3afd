// Ids that the vectors speak of: of the right form, and readable.

export const LAPTOP = 'Laptop0000000000000000';
export const PHONE = 'Phone00000000000000000';
export const TABLET = 'Tablet0000000000000000';
export const ACCOUNT = 'Account000000000000000';
export const NAMESPACE = 'attachments';

const padded = (prefix, length, number) => prefix + String(number).padStart(length - prefix.length, '0');

export const documentId = (number) => padded('document', 32, number);
export const blobId = (number) => padded('blob', 43, number);
export const itemId = (number) => padded('item', 43, number);
export const transactionId = (number) => padded('transaction', 22, number);
export const leaseOf = (number) => padded('lease', 22, number);
export const text = (content) => new TextEncoder().encode(content);

/** A document as it is pushed; `sealed` stands for an envelope, which no provider looks into. */
export const document = (number, revision, change = {}) =>
  ({ id: documentId(number), revision, class: 0, epoch: 1, tombstone: false, sealed: text(`sealed ${number} ${revision}`), ...change });
