import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';

/** A new directory, removed with what is in it when the test file ends. */
export function temporaryDirectory(): string {
  const path = mkdtempSync(join(tmpdir(), 'paloma-test-'));
  afterAll(() => rmSync(path, { recursive: true, force: true, maxRetries: 3 }));
  return path;
}
