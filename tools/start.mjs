// `npm start`: from a fresh clone to a running reference deployment. Everything it makes lies in `.paloma` (or PALOMA_HOME).
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ROOT, build, install, program, toolEnvironment } from './workspace.mjs';

/** The deployment stops itself on a signal; this process only waits for it. */
function runDeployment() {
  return new Promise((resolve, reject) => {
    const child = spawn('node', [join(ROOT, 'packages/reference-deployment/dist/main.js'), ...process.argv.slice(2)], {
      cwd: ROOT, env: toolEnvironment(), stdio: 'inherit', shell: process.platform === 'win32',
    });
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => { if (signal === 'SIGTERM') child.kill(signal); });
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

program(async () => {
  await install();
  await build();
  return runDeployment();
});
