import type { CommandReader } from './command-reader.js';

const SORT_KEYS = ['ARRIVAL', 'CC', 'DATE', 'DISPLAYFROM', 'DISPLAYTO', 'FROM', 'SIZE', 'SUBJECT', 'TO'] as const;

export interface SortCriterion {
  key: (typeof SORT_KEYS)[number];
  isReverse: boolean;
}

// sort-criteria = "(" sort-criterion *(SP sort-criterion) ")";  sort-criterion = ["REVERSE" SP] sort-key     RFC 5256 §5
export function readSortCriteria(reader: CommandReader): SortCriterion[] {
  return reader.list(() => {
    const isReverse = reader.tryWord('REVERSE ');
    const word = reader.word();
    return { key: SORT_KEYS.find((key) => key === word) ?? reader.fail('sort key'), isReverse };
  }, { maxItems: 20 });
}
