// Where the built files are. The daemon serves `app` at the root of its own host name and `view` under /view/ of the
// view host name (docs/protocol/control-api.md §4).
import { fileURLToPath } from 'node:url';

/** Absolute path of the app: `index.html` and `assets/`. */
export const appDirectory = fileURLToPath(new URL('./dist/app/', import.meta.url));

/** Absolute path of the mail view: `index.html` and `shell.json` with the hash of its script for the Content-Security-Policy. */
export const viewDirectory = fileURLToPath(new URL('./dist/view/', import.meta.url));
