import type { IdentityDocument } from '@paloma/shared-model';
import type { Projection, Sql } from '../document-store.js';

/** A projection for tests: the name of each identity. */
export const nameProjection: Projection = {
  name: 'names',
  version: 1,
  types: ['identity'],
  drop: (sql) => sql.exec('DROP TABLE IF EXISTS names'),
  create: (sql) => sql.exec('CREATE TABLE names (document_id TEXT PRIMARY KEY, name TEXT)'),
  apply: (changes, sql) => {
    for (const { documentId, after } of changes) {
      if (after === null) sql.run('DELETE FROM names WHERE document_id = ?', documentId);
      else sql.run('INSERT OR REPLACE INTO names VALUES (?, ?)', documentId, (after as IdentityDocument).name);
    }
  },
};

export function projectedNames(sql: Sql): string[] {
  return sql.all<{ name: string }>('SELECT name FROM names ORDER BY name').map(({ name }) => name);
}
