import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { appDirectory, viewDirectory } from '@paloma/web-ua/directory';
import { z } from 'zod';
import { StaticFiles } from './static-files.js';

/** The built web UA: the app, and the mail view with the hash of its one script. */
export interface WebUaFiles {
  app: StaticFiles;
  view: StaticFiles;
  /** A CSP source expression without quotes, `sha256-…`. */
  viewScriptHash: string;
}

const shellDescription = z.object({ scriptSha256: z.string().regex(/^sha256-[A-Za-z0-9+/]+=*$/) });

export function loadWebUaFiles(): WebUaFiles {
  const shell = shellDescription.parse(JSON.parse(readFileSync(join(viewDirectory, 'shell.json'), 'utf8')));
  return { app: new StaticFiles(appDirectory), view: new StaticFiles(viewDirectory), viewScriptHash: shell.scriptSha256 };
}
