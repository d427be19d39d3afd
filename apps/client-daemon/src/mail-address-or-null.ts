import { ModelError, canonicalAddress, parseMailAddress, type MailAddress } from '@paloma/shared-model';

/** The address that somebody else wrote; `null` when it is none. */
export function mailAddressOrNull(text: string): MailAddress | null {
  try {
    return parseMailAddress(text);
  } catch (error) {
    if (error instanceof ModelError) return null;
    throw error;
  }
}

/** Whether both are addresses and name the same mailbox. */
export function isSameAddress(left: string, right: string): boolean {
  const [a, b] = [mailAddressOrNull(left), mailAddressOrNull(right)];
  return a !== null && b !== null && canonicalAddress(a) === canonicalAddress(b);
}
