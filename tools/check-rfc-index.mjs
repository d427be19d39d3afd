// Holds the documents to the tree: every RFC that a source cites has its line in docs/rfc-index.tsv, every line of the index
// names directories that exist, and every relative link of a Markdown page leads to a file.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const INDEX = 'docs/rfc-index.tsv';
const NOT_OURS = new Set(['node_modules', 'dist', '.git', '.paloma', '.turbo']);
const CITED = /\bRFC (\d{3,5})\b/g;
const LINK = /\]\(([^)\s#]+)(?:#[^)]*)?\)/g;

function* filesBelow(directory, ending) {
  if (!existsSync(directory)) return;
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory() && !NOT_OURS.has(entry.name)) yield* filesBelow(path, ending);
    else if (entry.isFile() && ending.test(entry.name)) yield path;
  }
}

/** Each match of `pattern` in the file, with the words that name the file. */
function* matches(path, pattern) {
  for (const [, found] of readFileSync(path, 'utf8').matchAll(pattern)) yield { found, where: relative(ROOT, path) };
}

function* sources() {
  for (const group of ['packages', 'apps']) {
    for (const name of readdirSync(join(ROOT, group))) yield* filesBelow(join(ROOT, group, name, 'src'), /\.(tsx?|mjs)$/);
  }
}

const breaches = new Set();
const indexed = new Set();
for (const line of readFileSync(join(ROOT, INDEX), 'utf8').trimEnd().split('\n').slice(1)) {
  const [specification, title, howFar, where] = line.split('\t');
  if (indexed.has(specification)) breaches.add(`${INDEX}: ${specification} has two lines`);
  indexed.add(specification);
  if (!title || !/^(yes|partial|no)\b/.test(howFar) || !where) breaches.add(`${INDEX}: ${specification} lacks a title, how far or where`);
  for (const directory of where?.split(' ') ?? []) if (!existsSync(join(ROOT, directory))) breaches.add(`${INDEX}: ${specification} names ${directory}, which is not there`);
}
for (const path of sources()) {
  for (const { found, where } of matches(path, CITED)) if (!indexed.has(`RFC ${found}`)) breaches.add(`${where}: RFC ${found} has no line in ${INDEX}`);
}
for (const path of filesBelow(ROOT, /\.md$/)) {
  for (const { found, where } of matches(path, LINK)) {
    if (!/^[a-z]+:/.test(found) && !existsSync(resolve(dirname(path), found))) breaches.add(`${where}: the link to ${found} leads nowhere`);
  }
}
for (const breach of breaches) process.stderr.write(`${breach}\n`);
process.exitCode = breaches.size === 0 ? 0 : 1;
