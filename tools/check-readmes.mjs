// Holds the READMEs and examples of the packages to the code: every TypeScript block of a README must compile as it stands, as a
// program of its own over the packages as built, and so must every file in `examples`. Builds first what is not built.
import { spawnSync } from 'node:child_process';
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { ROOT, toolEnvironment } from './workspace.mjs';

/** Made anew each time. Inside the repository, so that packages are found from there. */
const DIRECTORY = join(ROOT, 'dist', 'readme-blocks');
/** What the compiler calls a block: the page and the number of the block. */
const BLOCK = /dist\/readme-blocks\/(.+?\.md)\.\d+\.ts/g;

/** The TypeScript blocks of a page, each in as many lines as stand before it, so that a message names the line of the page. */
function* blocksOf(page) {
  const lines = readFileSync(join(ROOT, page), 'utf8').split('\n');
  for (let first = lines.indexOf('```ts'); first >= 0; first = lines.indexOf('```ts', first + 1)) {
    const last = lines.indexOf('```', first);
    yield '\n'.repeat(first + 1) + lines.slice(first + 1, last).join('\n');
  }
}

function writeBlocks() {
  const files = [];
  for (const page of globSync('{packages,apps}/*/README.md', { cwd: ROOT })) {
    for (const [index, block] of [...blocksOf(page)].entries()) {
      const path = join(DIRECTORY, `${page}.${index + 1}.ts`);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, `${block}\nexport {};\n`);
      files.push(path);
    }
  }
  return files;
}

/** The packages of ours that a program imports. */
function packagesIn(file) {
  return [...readFileSync(file, 'utf8').matchAll(/from '@paloma\/([\w-]+)/g)].map(([, name]) => `packages/${name}`);
}

function writeProject(files) {
  const references = new Set(files.flatMap(packagesIn));
  const project = {
    extends: relative(DIRECTORY, join(ROOT, 'tsconfig.base.json')),
    compilerOptions: { composite: false, incremental: false, tsBuildInfoFile: null, noEmit: true, rootDir: ROOT, customConditions: ['paloma-device'] },
    files: files.map((file) => relative(DIRECTORY, file)),
    references: [...references].map((workspace) => ({ path: relative(DIRECTORY, join(ROOT, workspace)) })),
  };
  writeFileSync(join(DIRECTORY, 'tsconfig.json'), JSON.stringify(project));
}

rmSync(DIRECTORY, { recursive: true, force: true });
mkdirSync(DIRECTORY, { recursive: true });
const examples = globSync('{packages,apps}/*/examples/*.ts', { cwd: ROOT }).map((path) => join(ROOT, path));
writeProject([...writeBlocks(), ...examples]);
const { status, stdout, stderr } = spawnSync('tsc', ['-b', DIRECTORY, '--pretty', 'false'], { cwd: ROOT, env: toolEnvironment(), encoding: 'utf8', shell: process.platform === 'win32' });
process.stderr.write(`${stdout ?? ''}${stderr ?? ''}`.replaceAll(BLOCK, '$1'));
process.exitCode = status === 0 ? 0 : 1;
