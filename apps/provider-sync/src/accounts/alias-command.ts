// `paloma-provider-sync alias`: the operator gives an account further addresses. It works on the database, beside the running processes.

import { domainOf, localPartOf, type MailAddress } from '@paloma/shared-model';
import type { AliasRepository } from './alias.repository.js';
import { parseAddress, refused } from './operator-words.js';
import { isReservedName } from './reserved-names.js';

export type AliasCommand = { action: 'list' } | { action: 'add'; alias: string; address: string } | { action: 'remove'; alias: string };

const REFUSALS = {
  addressTaken: 'this address belongs to an account already',
  addressRetired: 'this address was of an account that was deleted: see account release',
  noSuchAccount: 'no account was made with this address',
} as const;

/** Lines to print. @throws {StartError} "badConfiguration" with a sentence for the operator */
export async function runAliasCommand(command: AliasCommand, aliases: AliasRepository, domain: string): Promise<string[]> {
  switch (command.action) {
    case 'list':
      return (await aliases.list()).map(({ alias, address }) => `${alias} ${address}`);
    case 'add': {
      const outcome = await aliases.add({ alias: acceptableAlias(command.alias, domain), address: parseAddress(command.address) });
      if (outcome !== 'added') throw refused(REFUSALS[outcome]);
      return [];
    }
    case 'remove':
      if (!(await aliases.remove(parseAddress(command.alias)))) throw refused('there is no such alias');
      return [];
  }
}

/** Mail to reserved names concerns the provider, and they could pass for it: who gets it is said in the configuration. */
function acceptableAlias(text: string, domain: string): MailAddress {
  const alias = parseAddress(text);
  if (domainOf(alias) !== domain) throw refused(`an alias must be an address of ${domain}`);
  if (isReservedName(localPartOf(alias))) throw refused('this name is reserved: who gets its mail stands in reservedNames');
  return alias;
}
