// CPU time of other processes, as Linux tells it. Elsewhere there is nothing to read and no figure.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Clock ticks in a second: 100 on every Linux that Node.js runs on. */
const TICKS_PER_SECOND = 100;

export const canReadCpuTime = existsSync('/proc/self/stat');

interface ProcessTimes {
  parent: number;
  seconds: number;
}

/** CPU seconds of a process and of the children that it still has or that have ended. */
export function cpuSeconds(pid: number): number {
  const children = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map((name) => timesOf(Number(name))).filter((times) => times?.parent === pid);
  return [timesOf(pid), ...children].reduce((sum, times) => sum + (times?.seconds ?? 0), 0);
}

/** Process id of the server on a data directory somewhere below `directory`; null when it is not there. */
export function postmasterBelow(directory: string): number | null {
  const found = readdirSync(directory, { recursive: true, encoding: 'utf8' }).find((path) => path.endsWith('postmaster.pid'));
  return found === undefined ? null : Number.parseInt(readFileSync(join(directory, found), 'utf8'), 10);
}

/** Null for a process that is gone. Fields are counted behind the name, which may hold spaces (proc_pid_stat(5)). */
function timesOf(pid: number): ProcessTimes | null {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ');
    const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);   // utime, stime, cutime, cstime
    return { parent: Number(fields[1]), seconds: ticks / TICKS_PER_SECOND };
  } catch {
    return null;
  }
}
