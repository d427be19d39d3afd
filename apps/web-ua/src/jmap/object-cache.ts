// The normalised store of the client: one immutable object per id, in the server's version and, where a change of the user
// is still on its way, in the version the user already sees. React reads it through `subscribe` and `get`.

import { applyPatch, type EmailPatch } from './email-patch.js';
import type { CachedTypeName, CachedTypes, EmailId, IdOf } from './types.js';

export type EmailPatches = ReadonlyMap<EmailId, EmailPatch>;

interface Shelf<T> {
  /** State string of the server for this type; null until something was fetched. */
  state: string | null;
  objects: Map<string, T>;
  list: readonly T[] | null;
}

type Shelves = { [Name in CachedTypeName]: Shelf<CachedTypes[Name]> };

const newShelf = <T>(): Shelf<T> => ({ state: null, objects: new Map(), list: null });

export class ObjectCache {
  readonly #shelves: Shelves = {
    Mailbox: newShelf(), Email: newShelf(), Thread: newShelf(), Identity: newShelf(), EmailSubmission: newShelf(), SyncStatus: newShelf(),
  };
  readonly #listeners = new Set<() => void>();
  readonly #pending = new Set<EmailPatches>();
  /** Emails with pending patches applied; entries are dropped whenever either side changes. */
  readonly #patched = new Map<EmailId, CachedTypes['Email']>();

  /** Grows with every change; lets derived values know when they are stale. */
  version = 0;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => { this.#listeners.delete(listener); };
  };

  get<Name extends CachedTypeName>(type: Name, id: IdOf<Name>): CachedTypes[Name] | undefined {
    const object = this.#shelf(type).objects.get(id);
    return type === 'Email' && object ? this.#shownEmail(object as CachedTypes['Email']) as CachedTypes[Name] : object;
  }

  /** All objects of a type as the server has them; the same array until one changes. Not for emails, which may be pending. */
  all<Name extends Exclude<CachedTypeName, 'Email'>>(type: Name): readonly CachedTypes[Name][] {
    const shelf = this.#shelf(type);
    shelf.list ??= [...shelf.objects.values()];
    return shelf.list;
  }

  ids(type: CachedTypeName): string[] {
    return [...this.#shelf(type).objects.keys()];
  }

  has(type: CachedTypeName, id: string): boolean {
    return this.#shelf(type).objects.has(id);
  }

  state(type: CachedTypeName): string | null {
    return this.#shelf(type).state;
  }

  setState(type: CachedTypeName, state: string): void {
    this.#shelf(type).state = state;
  }

  /** Members absent from a new version are kept: an email's content never changes (RFC 8621 §4.1) and is fetched once. */
  put<Name extends CachedTypeName>(type: Name, objects: readonly CachedTypes[Name][]): void {
    if (objects.length === 0) return;
    const shelf = this.#shelf(type);
    for (const object of objects) {
      shelf.objects.set(object.id, { ...shelf.objects.get(object.id), ...object });
      this.#patched.delete(object.id as EmailId);
    }
    shelf.list = null;
    this.#emit();
  }

  remove(type: CachedTypeName, ids: Iterable<string>): void {
    const shelf = this.#shelf(type);
    for (const id of ids) {
      shelf.objects.delete(id);
      this.#patched.delete(id as EmailId);
    }
    shelf.list = null;
    this.#emit();
  }

  /** Shows patches at once. The answer settles them: `accepted` ids become the server's version, the others go back. */
  addPending(patches: EmailPatches): (accepted: ReadonlySet<EmailId>) => void {
    this.#pending.add(patches);
    this.#forgetPatched(patches);
    return (accepted) => {
      this.#pending.delete(patches);
      for (const [id, patch] of patches) {
        const email = this.#shelves.Email.objects.get(id);
        if (email && accepted.has(id)) this.#shelves.Email.objects.set(id, applyPatch(email, patch));
      }
      this.#forgetPatched(patches);
    };
  }

  #shownEmail(email: CachedTypes['Email']): CachedTypes['Email'] {
    if (this.#pending.size === 0) return email;
    const known = this.#patched.get(email.id);
    if (known) return known;
    let shown = email;
    for (const patches of this.#pending) {
      const patch = patches.get(email.id);
      if (patch) shown = applyPatch(shown, patch);
    }
    this.#patched.set(email.id, shown);
    return shown;
  }

  #forgetPatched(patches: EmailPatches): void {
    for (const id of patches.keys()) this.#patched.delete(id);
    this.#emit();
  }

  #shelf<Name extends CachedTypeName>(type: Name): Shelf<CachedTypes[Name]> {
    return this.#shelves[type] as Shelf<CachedTypes[Name]>;
  }

  #emit(): void {
    this.version++;
    for (const listener of this.#listeners) listener();
  }
}
