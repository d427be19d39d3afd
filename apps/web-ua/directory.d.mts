/** Absolute path of the app: `index.html` and `assets/`. */
export const appDirectory: string;
/** Absolute path of the mail view: `index.html` and `shell.json` with the hash of its script for the Content-Security-Policy. */
export const viewDirectory: string;
