// `npm run bench -- AREA [--json FILE]`: prints each figure of an area beside its floor and its peers measured in the same run.
import { join } from 'node:path';
import { ROOT, build, install, program, run } from './workspace.mjs';

program(async () => {
  await install();
  await build();
  return run('node', ['--conditions=paloma-device', join(ROOT, 'e2e/dist/bench/main.js'), ...process.argv.slice(2)]);
});
