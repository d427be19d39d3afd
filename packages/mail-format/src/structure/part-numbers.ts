import type { MessagePart } from '@paloma/shared-model';

/**
 * Numbers the parts of a finished tree as RFC 9051 §6.4.5 does. The root is ''; the body of an embedded message is
 * `n.TEXT` when it is a multipart, whose parts are `n.1`, `n.2`, …, and `n.1` when it is not.
 */
export function numberParts(rootPart: MessagePart): void {
  number(rootPart, '', '');
}

/** `prefix`: what the numbers of the children begin with. */
function number(part: MessagePart, partNumber: string, prefix: string): void {
  part.partNumber = partNumber;
  if (part.mediaType.startsWith('multipart/')) {
    part.children.forEach((child, index) => numberPlain(child, prefix === '' ? `${index + 1}` : `${prefix}.${index + 1}`));
  } else {
    part.children.forEach((child) => numberEmbedded(child, partNumber === '' ? '1' : partNumber));
  }
}

function numberPlain(part: MessagePart, partNumber: string): void {
  number(part, partNumber, partNumber);
}

function numberEmbedded(root: MessagePart, messageNumber: string): void {
  if (root.mediaType.startsWith('multipart/')) number(root, `${messageNumber}.TEXT`, messageNumber);
  else numberPlain(root, `${messageNumber}.1`);
}
