// The mailboxes of an account as a tree of names, and what creating, renaming and destroying mean in it. Pure: both
// stores plan with it and then carry the plan out.
//
// Two devices may make the same name while apart. Both mailboxes stay; the one made later is shown with a number after
// its name, on every device alike, until someone renames it.

import type { MailboxDocument, MailboxId } from '@paloma/shared-model';
import type { MailboxInput, MailboxRefusal } from './port/index.js';
import { isKept } from './role-mailboxes.js';
import { ancestorNamesOf, HIERARCHY_SEPARATOR, isBelow, parentNameOf, parseMailboxName } from './mailbox-name.js';
import { compareText } from './folded-text.js';

/** `name`: as shown, so unique in the tree. */
export interface TreeMailbox extends Omit<MailboxDocument, 'mailboxId'> {
  mailboxId: MailboxId;
}

type Refused = { ok: false; refusal: MailboxRefusal };
/** Names to make, parents first; the last one is the mailbox that was asked for. */
export type CreatePlan = { ok: true; names: string[] } | Refused;
export type RenamePlan = { ok: true; parentNames: string[]; renames: { mailboxId: MailboxId; name: string }[] } | Refused;

const refused = (refusal: MailboxRefusal): Refused => ({ ok: false, refusal });

export class MailboxTree {
  readonly #byId = new Map<string, TreeMailbox>();
  readonly #byName = new Map<string, TreeMailbox>();

  constructor(documents: readonly MailboxDocument[]) {
    for (const document of [...documents].sort(byAge)) this.#add(document);
  }

  /** By sort order, then name. */
  list(): TreeMailbox[] {
    return [...this.#byId.values()].sort((a, b) => a.sortOrder - b.sortOrder || compareText(a.name, b.name));
  }

  get(mailboxId: string): TreeMailbox | undefined {
    return this.#byId.get(mailboxId);
  }

  parentIdOf(mailbox: TreeMailbox): MailboxId | null {
    const parentName = parentNameOf(mailbox.name);
    return parentName === null ? null : (this.#byName.get(parentName)?.mailboxId ?? null);
  }

  planCreate(input: Pick<MailboxInput, 'name' | 'role'>): CreatePlan {
    const name = parseMailboxName(input.name);
    if (name === null) return refused('invalidName');
    if (this.#byName.has(name)) return refused('alreadyExists');
    if (input.role != null && this.#byId.has(input.role)) return refused('roleIsTaken');
    return { ok: true, names: [...this.#missingParentsOf(name), name] };
  }

  planRename(mailboxId: string, newName: string): RenamePlan {
    const mailbox = this.#byId.get(mailboxId);
    const name = parseMailboxName(newName);
    if (!mailbox) return refused('notFound');
    if (name === mailbox.name) return { ok: true, parentNames: [], renames: [] };
    // RFC 9051 §6.3.6: renaming INBOX moves its messages and leaves it; that is for the IMAP server to do.
    if (mailbox.role === 'inbox') return refused('isRoleMailbox');
    if (name === null || isBelow(name, mailbox.name)) return refused('invalidName');
    const renames = this.#subtreeOf(mailbox).map((member) => ({ mailboxId: member.mailboxId, name: name + member.name.slice(mailbox.name.length) }));
    if (renames.some((rename) => parseMailboxName(rename.name) === null)) return refused('invalidName');
    if (renames.some((rename) => this.#byName.has(rename.name))) return refused('alreadyExists');
    return { ok: true, parentNames: this.#missingParentsOf(name), renames };
  }

  /** Why a mailbox cannot be destroyed; `null` when it can. */
  refusalToDestroy(mailboxId: string, options: { holdsEmails: boolean; removeEmails: boolean }): MailboxRefusal | null {
    const mailbox = this.#byId.get(mailboxId);
    if (!mailbox) return 'notFound';
    if (isKept(mailbox.role)) return 'isRoleMailbox';
    if (this.#subtreeOf(mailbox).length > 1) return 'mailboxHasChild';
    return options.holdsEmails && !options.removeEmails ? 'mailboxHasEmail' : null;
  }

  /** Parents that the names ask for and nobody made: left by a device that destroyed a parent while another made a child. */
  missingParents(): string[] {
    return [...new Set([...this.#byName.keys()].flatMap((name) => this.#missingParentsOf(name)))];
  }

  #add(document: MailboxDocument): void {
    const mailbox = { ...document, mailboxId: document.mailboxId as MailboxId, name: this.#freeNameLike(document.name) };
    this.#byId.set(mailbox.mailboxId, mailbox);
    this.#byName.set(mailbox.name, mailbox);
  }

  #freeNameLike(name: string): string {
    let free = name;
    for (let number = 2; this.#byName.has(free); number++) free = `${name} (${number})`;
    return free;
  }

  #missingParentsOf(name: string): string[] {
    return ancestorNamesOf(name).filter((ancestor) => !this.#byName.has(ancestor));
  }

  #subtreeOf(mailbox: TreeMailbox): TreeMailbox[] {
    return [mailbox, ...[...this.#byId.values()].filter((other) => other.name.startsWith(mailbox.name + HIERARCHY_SEPARATOR))];
  }
}

function byAge(a: MailboxDocument, b: MailboxDocument): number {
  return a.createdAtMs - b.createdAtMs || compareText(a.mailboxId, b.mailboxId);
}
