import { readdirSync, readFileSync } from 'node:fs';

/** Processes that this one started and that are still there, theirs too. Linux alone. */
export function descendantsOf(pid: number): number[] {
  const parents = new Map(readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map((name) => [Number(name), Number(statusOf(Number(name), 'PPid'))]));
  const below = (parent: number): number[] => [...parents].filter(([, its]) => its === parent).flatMap(([child]) => [child, ...below(child)]);
  return below(pid);
}

/** A line of /proc/PID/status; null when the process has ended. */
export function statusOf(pid: number, line: 'PPid' | 'TracerPid'): string | null {
  try {
    return new RegExp(`^${line}:\t(.*)$`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? null;
  } catch {
    return null;
  }
}
