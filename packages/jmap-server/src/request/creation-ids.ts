/** Ids of what this request has created, by the client's creation id (RFC 8620 §3.3, §5.3). */
export class CreationIds {
  readonly #ids: Map<string, string>;

  constructor(given: Readonly<Record<string, string>> | null) {
    this.#ids = new Map(Object.entries(given ?? {}));
  }

  record(creationId: string, id: string): void {
    this.#ids.set(creationId, id);
  }

  /** An id as it stands, or what `#creationId` became; `null` when nothing was created under it. */
  resolve(idOrReference: string): string | null {
    if (!idOrReference.startsWith('#')) return idOrReference;
    return this.#ids.get(idOrReference.slice(1)) ?? null;
  }

  toJSON(): Record<string, string> {
    return Object.fromEntries(this.#ids);
  }
}
