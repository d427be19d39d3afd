import { z } from 'zod';
import { MAILBOX_ROLES, type MailboxId } from '@paloma/shared-model';
import type { Mailbox, MailboxOutcome, MailboxPatch, MailboxRefusal, MailStore } from '@paloma/mail-store/port';
import { MAIL } from '../capabilities.js';
import type { JsonObject } from '../json.js';
import { accountMethod } from '../method.js';
import type { CreationIds } from '../request/creation-ids.js';
import { applyPatch } from '../standard-methods/patch-object.js';
import { schemaRefusal } from '../standard-methods/schema-refusal.js';
import { done, invalidProperties, refuse, type SetError, type SetOutcome } from '../standard-methods/set-error.js';
import { answerSet, SET_ARGUMENTS, type CreatedObject, type SetTarget } from '../standard-methods/set.js';
import { mailboxRecord } from './mailbox-record.js';

/** RFC 8621 §2.5. */
export const mailboxSet = accountMethod({
  name: 'Mailbox/set',
  capability: MAIL,
  arguments: { ...SET_ARGUMENTS, onDestroyRemoveEmails: z.boolean().nullish() },
  run(arguments_, account, context) {
    const target = new MailboxSetTarget(account.mailStore, context.creationIds, arguments_.onDestroyRemoveEmails ?? false);
    return answerSet(arguments_, target, account, context);
  },
});

const parentIdProperty = z.string().nullish();
// A level of a path; the store checks its length.
const nameProperty = z.string().min(1).regex(/^[^/]+$/u);
const unsignedInt = z.number().int().nonnegative().max(2 ** 31 - 1);

const newMailbox = z.strictObject({
  name: nameProperty,
  parentId: parentIdProperty,
  role: z.enum(MAILBOX_ROLES).nullish(),
  sortOrder: unsignedInt.optional(),
  isSubscribed: z.boolean().optional(),
});

/** What a client may change; null or left out stands for the default (RFC 8620 §5.3). */
const changedMailbox = z.object({
  name: nameProperty,
  parentId: parentIdProperty,
  sortOrder: unsignedInt.default(0),
  isSubscribed: z.boolean().default(false),
});
const CHANGEABLE: ReadonlySet<string> = new Set(Object.keys(changedMailbox.shape));

const REFUSALS = {
  alreadyExists: { type: 'invalidProperties', properties: ['name'], description: 'a mailbox of this name is there already' },
  roleIsTaken: { type: 'invalidProperties', properties: ['role'], description: 'there is a mailbox with this role already' },
  notFound: { type: 'notFound' },
  invalidName: { type: 'invalidProperties', properties: ['name'] },
  mailboxHasEmail: { type: 'mailboxHasEmail' },
  mailboxHasChild: { type: 'mailboxHasChild' },
  isRoleMailbox: { type: 'forbidden', description: 'the account needs this mailbox' },
} satisfies Record<MailboxRefusal, SetError>;

class MailboxSetTarget implements SetTarget {
  constructor(private readonly mailStore: MailStore, private readonly creationIds: CreationIds, private readonly removeEmails: boolean) {}

  state(): Promise<string> {
    return this.mailStore.state('Mailbox');
  }

  changesSince(state: string, maxChanges: number): ReturnType<MailStore['changesSince']> {
    return this.mailStore.changesSince('Mailbox', state, maxChanges);
  }

  /** Parents before their children, however the client wrote them down. */
  inCreationOrder(objects: readonly [string, JsonObject][]): readonly [string, JsonObject][] {
    const byReference = new Map(objects.map((entry) => [`#${entry[0]}`, entry]));
    const ordered = new Set<[string, JsonObject]>();
    const visited = new Set<[string, JsonObject]>();
    const visit = (entry: [string, JsonObject]): void => {
      if (visited.has(entry)) return;
      visited.add(entry);
      const parent = typeof entry[1]['parentId'] === 'string' ? byReference.get(entry[1]['parentId']) : undefined;
      if (parent) visit(parent);
      ordered.add(entry);
    };
    objects.forEach(visit);
    return [...ordered];
  }

  async create(object: JsonObject): Promise<SetOutcome<CreatedObject>> {
    const parsed = newMailbox.safeParse(object);
    if (!parsed.success) return schemaRefusal(parsed.error);
    const { name, parentId, role = null, sortOrder = 0, isSubscribed = false } = parsed.data;
    const path = this.#pathOf(name, parentId, await this.mailStore.listMailboxes());
    if (path === null) return invalidProperties('parentId');
    const outcome = await this.mailStore.createMailbox({ name: path, role, sortOrder, isSubscribed });
    return outcome.ok ? done(await this.#createdRecord(outcome.mailboxId, object)) : { ok: false, error: REFUSALS[outcome.refusal] };
  }

  async update(patches: ReadonlyMap<string, JsonObject>): Promise<ReadonlyMap<string, SetOutcome<JsonObject | null>>> {
    const outcomes = new Map<string, SetOutcome<JsonObject | null>>();
    for (const [id, patch] of patches) outcomes.set(id, await this.#updateOne(id, patch));
    return outcomes;
  }

  /** Children before their parents: RFC 8621 §2.5 lets a client destroy both in one call. */
  async destroy(ids: readonly string[]): Promise<ReadonlyMap<string, SetOutcome<null>>> {
    const mailboxes = await this.mailStore.listMailboxes();
    const depth = (id: string): number => mailboxes.find(({ mailboxId }) => mailboxId === id)?.name.split('/').length ?? 0;
    const outcomes = new Map<string, SetOutcome<null>>();
    for (const id of ids.toSorted((left, right) => depth(right) - depth(left))) {
      const outcome = await this.mailStore.destroyMailbox(id as MailboxId, { removeEmails: this.removeEmails });
      outcomes.set(id, setOutcome(outcome));
    }
    return outcomes;
  }

  async #updateOne(id: string, patch: JsonObject): Promise<SetOutcome<JsonObject | null>> {
    const mailboxes = await this.mailStore.listMailboxes();
    const mailbox = mailboxes.find(({ mailboxId }) => mailboxId === id);
    if (!mailbox) return refuse('notFound');
    const current = mailboxRecord(mailbox);
    const changed = applyPatch(current, patch);
    if (!changed) return refuse('invalidPatch');
    const changedNames = namesOfChanges(current, changed);
    const parsed = changedMailbox.safeParse(changed);
    if (!parsed.success) return schemaRefusal(parsed.error);
    if (!changedNames.every((name) => CHANGEABLE.has(name))) return invalidProperties(...changedNames.filter((name) => !CHANGEABLE.has(name)));
    const path = this.#pathOf(parsed.data.name, parsed.data.parentId, mailboxes);
    if (path === null || path.startsWith(`${mailbox.name}/`)) return invalidProperties('parentId');
    return setOutcome(await this.mailStore.updateMailbox(mailbox.mailboxId, patchOf(mailbox, { ...parsed.data, name: path })));
  }

  /** `null`: no such parent. */
  #pathOf(name: string, parentId: string | null | undefined, mailboxes: readonly Mailbox[]): string | null {
    if (parentId == null) return name;
    const parent = mailboxes.find(({ mailboxId }) => mailboxId === this.creationIds.resolve(parentId));
    return parent ? `${parent.name}/${name}` : null;
  }

  /** What the client did not say itself. */
  async #createdRecord(id: MailboxId, object: JsonObject): Promise<CreatedObject> {
    const mailbox = (await this.mailStore.listMailboxes()).find(({ mailboxId }) => mailboxId === id);
    const record = mailbox ? mailboxRecord(mailbox) : {};
    const unknown = Object.entries(record).filter(([name]) => !Object.hasOwn(object, name));
    return { ...Object.fromEntries(unknown), id };
  }
}

/** Only what differs: a role mailbox may be subscribed to, though not renamed. */
function patchOf(mailbox: Mailbox, wanted: { name: string; sortOrder: number; isSubscribed: boolean }): MailboxPatch {
  const patch: MailboxPatch = {};
  if (wanted.name !== mailbox.name) patch.name = wanted.name;
  if (wanted.sortOrder !== mailbox.sortOrder) patch.sortOrder = wanted.sortOrder;
  if (wanted.isSubscribed !== mailbox.isSubscribed) patch.isSubscribed = wanted.isSubscribed;
  return patch;
}

function setOutcome(outcome: MailboxOutcome): SetOutcome<null> {
  return outcome.ok ? done(null) : { ok: false, error: REFUSALS[outcome.refusal] };
}

function namesOfChanges(before: JsonObject, after: JsonObject): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
}
