// Notes of programs, one document for each mailbox that has some and one for the account. They need no projection: a program that
// asks names the owner.

import type { DocumentChange, DocumentStore, DocumentTransaction } from '@paloma/document-store';
import type { AnnotationsDocument, Clock, MailboxId } from '@paloma/shared-model';
import { refusalOfAnnotations } from '../annotation-limits.js';
import { compareText } from '../folded-text.js';
import type { Annotation, AnnotationChange, AnnotationOutcome, AnnotationOwner } from '../port/index.js';

/** No mailbox has this id: ids are roles, or begin with a capital. */
const ACCOUNT = 'account';
const TYPE_PREFIX = 'annotations:';

export function annotationsOf(store: DocumentStore, owner: AnnotationOwner): Annotation[] | null {
  if (!isOwner(store, owner)) return null;
  const entries = store.get('annotations', owner ?? ACCOUNT)?.content.entries ?? {};
  return Object.entries(entries).flatMap(([name, { value }]) => (value ? [{ name, value }] : [])).sort((a, b) => compareText(a.name, b.name));
}

export function annotate(store: DocumentStore, clock: Clock, owner: AnnotationOwner, changes: readonly AnnotationChange[]): AnnotationOutcome {
  return store.transact((transaction): AnnotationOutcome => {
    if (!isOwner(store, owner)) return { ok: false, refusal: 'mailboxNotFound' };
    const after = changedDocument(transaction, clock, owner, changes);
    const marks = Object.values(after.entries);
    const refusal = refusalOfAnnotations(changes, { names: marks.length, kept: marks.filter(({ value }) => value !== null).length });
    if (refusal) return { ok: false, refusal };
    transaction.put('annotations', owner ?? ACCOUNT, after);
    return { ok: true };
  }, { durable: true });
}

/** Through a Map: `__proto__` is a name like any other. */
function changedDocument(transaction: DocumentTransaction, clock: Clock, owner: AnnotationOwner, changes: readonly AnnotationChange[]): AnnotationsDocument {
  const entries = new Map(Object.entries(transaction.get('annotations', owner ?? ACCOUNT)?.content.entries ?? {}));
  for (const { name, value } of changes) entries.set(name, { value: value && value.slice(), changedAtMs: clock.nowMs() });
  return { mailboxId: owner, entries: Object.fromEntries(entries) };
}

/** Inside the transaction that deletes the mailbox. */
export function forgetAnnotations(transaction: DocumentTransaction, mailboxId: MailboxId): void {
  if (transaction.get('annotations', mailboxId)) transaction.delete('annotations', mailboxId);
}

/** Which notes a commit changed, by owner. */
export function annotatedBy(changes: readonly DocumentChange[]): Map<AnnotationOwner, Set<string>> {
  return new Map(changes.filter(({ type }) => type === 'annotations').map(({ documentId, before, after }) => {
    const id = documentId.slice(TYPE_PREFIX.length);
    return [id === ACCOUNT ? null : (id as MailboxId), changedNames(before as AnnotationsDocument | null, after as AnnotationsDocument | null)];
  }));
}

function changedNames(before: AnnotationsDocument | null, after: AnnotationsDocument | null): Set<string> {
  const [known, now] = [new Map(Object.entries(before?.entries ?? {})), new Map(Object.entries(after?.entries ?? {}))];
  const names = new Set([...known.keys(), ...now.keys()]);
  return new Set([...names].filter((name) => {
    const [left, right] = [known.get(name)?.value ?? null, now.get(name)?.value ?? null];
    return left === null || right === null ? left !== right : Buffer.compare(left, right) !== 0;
  }));
}

function isOwner(store: DocumentStore, owner: AnnotationOwner): boolean {
  return owner === null || store.sql.get('SELECT 1 FROM mail_mailbox WHERE mailbox_id = ?', owner) !== undefined;
}
