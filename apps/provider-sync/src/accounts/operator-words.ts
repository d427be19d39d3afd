import { StartError } from '@paloma/provider-runtime';
import { canonicalAddress, parseMailAddress, type MailAddress } from '@paloma/shared-model';

/** An address on the operator's command line, canonical. @throws {StartError} "badConfiguration" */
export function parseAddress(text: string): MailAddress {
  try {
    return canonicalAddress(parseMailAddress(text));
  } catch (cause) {
    throw new StartError('badConfiguration', 'not a mail address', { cause });
  }
}

/** Why a command was not carried out; names no address. */
export function refused(sentence: string): StartError {
  return new StartError('badConfiguration', sentence);
}
