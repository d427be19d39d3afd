// `npm run reset`: forgets the reference deployment: its users, their keys and their mail.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, program } from './workspace.mjs';

const home = process.env.PALOMA_HOME ?? join(ROOT, '.paloma');

function isRunning() {
  const path = join(home, 'running.pid');
  if (!existsSync(path)) return false;
  try {
    process.kill(Number(readFileSync(path, 'utf8')), 0);
    return true;
  } catch {
    return false;
  }
}

program(async () => {
  if (isRunning()) throw new Error('The deployment is running: stop it with Ctrl-C first, then reset.');
  rmSync(home, { recursive: true, force: true, maxRetries: 3 });
  process.stdout.write('Forgotten.\n');
});
