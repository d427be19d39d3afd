import type { MailAddress } from '@paloma/shared-model';

export interface Alias {
  alias: MailAddress;
  /** That the account was made with. */
  address: MailAddress;
}

/** Further addresses of accounts. Addresses are canonical throughout. The devices of an account are told of each change. */
export abstract class AliasRepository {
  /** "addressTaken": an account has it, as its own or as an alias. "addressRetired": one had it that was deleted. */
  abstract add(alias: Alias): Promise<'added' | 'addressTaken' | 'addressRetired' | 'noSuchAccount'>;
  /** Also takes its certificate out of the directory. False when there is no such alias. */
  abstract remove(alias: MailAddress): Promise<boolean>;
  /** In the order of the aliases. */
  abstract list(): Promise<Alias[]>;
}
