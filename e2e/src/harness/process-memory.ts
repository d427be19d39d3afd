import { readFileSync } from 'node:fs';

/** The most memory that a process ever had resident, in octets: VmHWM of proc(5). Linux alone. */
export function peakMemoryBytes(pid: number): number {
  const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  if (kibibytes === undefined) throw new Error('the process has no VmHWM');
  return Number(kibibytes) * 1024;
}
