// One page of a pull, in either order (docs/protocol/sync.md §4). A page ends at its number of records or of octets, whichever
// comes first. Sizes are known without reading the octets, so the sum that ends the page costs nothing.

import type { AccountId, Generation } from '@paloma/shared-model';
import type { PullItem, PullRequest } from '@paloma/sync-protocol';
import type { Sql } from '../database/database.js';

export interface ReadPage {
  items: PullItem[];
  /** Ascending: complete from `since` to here. Newest first: complete from `until` down to here. */
  through: Generation;
}

interface PageBounds {
  head: Generation;
  maxBytes: number;
}

type PageRow = Omit<PullItem, 'sealed'> & { found: number };

export async function readPage(sql: Sql, accountId: AccountId, request: PullRequest, { head, maxBytes }: PageBounds): Promise<ReadPage> {
  const { since, until = head, order = 'ascending', classes, limit, replicaUid, own = false } = request;
  const isAscending = order === 'ascending';
  const direction = isAscending ? 'ASC' : 'DESC';
  const rows = await sql.rows<PageRow>(pageQuery(direction), [accountId, since, until, classes, replicaUid, limit + 1, limit, maxBytes, own]);
  const items = withSealed(rows, await readSealed(sql, accountId, rows, direction));
  const last = rows.at(-1);
  if (!last || rows.length === last.found) return { items, through: isAscending ? head : since };
  return { items, through: (isAscending ? last.generation : last.generation - 1) as Generation };
}

/** The inner query finds one record more than asked for: whether there is a next page. */
function pageQuery(direction: 'ASC' | 'DESC'): string {
  return `SELECT id, revision, class, epoch, tombstone, generation, found FROM (
      SELECT document_id AS id, revision, class, epoch, is_tombstone AS tombstone, sealed, generation,
             row_number() OVER log AS position, sum(octet_length(sealed)) OVER log AS total, count(*) OVER () AS found
      FROM (SELECT * FROM document
            WHERE account_id = $1 AND generation > $2 AND generation <= $3 AND class = ANY($4::smallint[]) AND ($9 OR source_replica <> $5)
            ORDER BY generation ${direction} LIMIT $6) AS page
      WINDOW log AS (ORDER BY generation ${direction})) AS summed
    WHERE position <= $7 AND (total <= $8 OR position = 1) ORDER BY generation ${direction}`;
}

/** In the same snapshot and order as the rows. */
async function readSealed(sql: Sql, accountId: AccountId, rows: readonly PageRow[], direction: 'ASC' | 'DESC'): Promise<(Uint8Array | null)[]> {
  if (rows.length === 0) return [];
  return sql.octets(
    `SELECT sealed FROM document WHERE account_id = $1 AND generation = ANY($2::bigint[]) ORDER BY generation ${direction}`,
    [accountId, rows.map(({ generation }) => generation)]);
}

function withSealed(rows: readonly PageRow[], sealed: readonly (Uint8Array | null)[]): PullItem[] {
  return rows.map(({ id, revision, class: documentClass, epoch, tombstone, generation }, index) =>
    ({ id, revision, class: documentClass, epoch, tombstone, sealed: sealed[index] as PullItem['sealed'], generation }));
}
