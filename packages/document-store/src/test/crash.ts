import type { LocalDocumentStore } from '../local/local-document-store.js';

/** The program is gone; whatever it had committed is on disk. */
export class Crash extends Error {}

/** Lets the program die at its n-th commit from now on, counted from 0: before it begins or right after it. The caller opens the file again. */
export function crashAtCommit(store: LocalDocumentStore, n: number, moment: 'before' | 'after'): void {
  let left = n;
  const commit = store.commit.bind(store);
  store.commit = (work, options) => {
    if (left < 0 || (left === 0 && moment === 'before')) throw new Crash('killed');
    const result = commit(work, options);
    if (left-- === 0) throw new Crash('killed');
    return result;
  };
}
