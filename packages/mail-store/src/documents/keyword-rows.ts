// Which emails have a keyword: rows of mail_keyword, for filters. Changes of a batch of emails are written together.

import type { Sql } from '@paloma/document-store';

type KeywordRow = [keyword: string, emailKey: number];

export class KeywordRows {
  readonly #gone: KeywordRow[] = [];
  readonly #added: KeywordRow[] = [];
  /** By their JSON: there are few in a batch. */
  readonly #lists = new Map<string, readonly string[]>();

  /** JSON of what a visible email had and has; undefined: it was not or is not visible. */
  change(emailKey: number, before = '[]', after = '[]'): void {
    if (before === after) return;
    const [had, has] = [this.#listed(before), this.#listed(after)];
    for (const keyword of had) if (!has.includes(keyword)) this.#gone.push([keyword, emailKey]);
    for (const keyword of has) if (!had.includes(keyword)) this.#added.push([keyword, emailKey]);
  }

  save(sql: Sql): void {
    if (this.#gone.length > 0) sql.run('DELETE FROM mail_keyword WHERE (keyword, email_key) IN (SELECT value ->> 0, value ->> 1 FROM json_each(?))', JSON.stringify(this.#gone));
    if (this.#added.length > 0) sql.run('INSERT INTO mail_keyword (keyword, email_key) SELECT value ->> 0, value ->> 1 FROM json_each(?)', JSON.stringify(this.#added));
  }

  #listed(keywords: string): readonly string[] {
    const known = this.#lists.get(keywords) ?? (JSON.parse(keywords) as string[]);
    this.#lists.set(keywords, known);
    return known;
  }
}
