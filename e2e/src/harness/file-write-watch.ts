// What running processes put into files, seen from outside: strace(1) attaches to them, to their threads and to whatever they start, and
// shows every octet of every call that writes. So nothing is missed that is deleted, or written over, before somebody could look.
// Sockets and pipes are not files. What is shown is searched as it comes and kept nowhere.

import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { disguises } from './canary.js';
import { descendantsOf, statusOf } from './process-tree.js';

const SHOWN_CALLS = ['write', 'writev', 'pwrite64', 'pwritev', 'pwritev2'];
/** Octets that go this way are not shown: a process that does so could not be watched. */
const HIDDEN_CALLS = ['sendfile', 'splice', 'copy_file_range', 'io_submit', 'io_uring_setup'];
/** Of one string of strace, in octets; PostgreSQL writes up to 4 MiB of its log at once. */
const MAX_SHOWN_BYTES = 16 * 1024 * 1024;
/** Octets of a line that name the call and its file. */
const HEAD_BYTES = 512;
const LF = 0x0a;

/** What was seen until the watch ended. Paths are those of the files at that moment; they may be gone by now. */
export interface SeenWrites {
  /** Files into which octets were written that hold the canary. */
  holding: string[];
  /** Files mapped shared into memory: what is written there passes through no call. */
  mapped: string[];
  /** Calls whose octets could not be seen. */
  hidden: string[];
  writtenFiles: Set<string>;
  writtenBytes: number;
}

/** Whether strace is here and may attach. */
export function canWatch(): boolean {
  return process.platform === 'linux' && spawnSync('strace', ['-o', '/dev/null', 'true']).status === 0;
}

export class FileWriteWatch {
  readonly #needles: Buffer[];
  readonly #tracers: { process: ChildProcess; ended: Promise<unknown> }[] = [];
  readonly #seen: SeenWrites = { holding: [], mapped: [], hidden: [], writtenFiles: new Set(), writtenBytes: 0 };

  private constructor(canary: string) {
    this.#needles = disguises(canary).map(asShown);
  }

  /** Watches these processes and all that descend from them. `canary`: letters alone. */
  static async attach(pids: readonly number[], canary: string): Promise<FileWriteWatch> {
    const watch = new FileWriteWatch(canary);
    await watch.#trace(pids);
    // Those that were there before; what starts from now on is followed.
    await watch.#trace(pids.flatMap(descendantsOf).filter((pid) => statusOf(pid, 'TracerPid') === '0'));
    return watch;
  }

  /** Lets the processes go on unwatched. */
  async end(): Promise<SeenWrites> {
    for (const { process } of this.#tracers) process.kill('SIGINT');
    await Promise.all(this.#tracers.map(({ ended }) => ended));
    return this.#seen;
  }

  async #trace(pids: readonly number[]): Promise<void> {
    if (pids.length === 0) return;
    const calls = ['mmap', ...SHOWN_CALLS, ...HIDDEN_CALLS].join(',');
    const tracer = spawn('strace', ['-f', '-y', '-s', String(MAX_SHOWN_BYTES), '-e', `trace=${calls}`, '-e', 'signal=none', '-p', pids.join(',')], { stdio: ['ignore', 'ignore', 'pipe'] });
    this.#tracers.push({ process: tracer, ended: once(tracer, 'close') });
    await new Promise<void>((resolve, reject) => {
      const waiting = new Set(pids);
      readLines(tracer.stderr, (line) => {
        if (waiting.size === 0) return this.#judge(line);
        const [, attached, gone] = /^strace: (?:Process (\d+) attached|attach: ptrace\(\w+, (\d+)\): No such process)/.exec(line.toString('latin1', 0, HEAD_BYTES)) ?? [];
        waiting.delete(Number(attached ?? gone));
        if (waiting.size === 0) resolve();
      });
      tracer.once('close', () => reject(new Error(`strace did not attach to ${[...waiting].join(', ')}`)));
    });
    for (const pid of pids) this.#noteUnseen(pid);
  }

  /** Ways around every call that were opened before we came. */
  #noteUnseen(pid: number): void {
    if (hasPollingRing(pid)) this.#seen.hidden.push('io_uring');
    for (const [, path] of readProc(pid, 'maps').matchAll(/^\S+ .w.s .*? (\/.*)$/gm)) this.#seen.mapped.push(path!);
  }

  #judge(line: Buffer): void {
    const head = line.toString('latin1', 0, HEAD_BYTES);
    const [, call = '', path] = /^(?:\[pid +\d+\] )?(\w+)\((?:\d+<(\/[^>]*)>)?/.exec(head) ?? [];
    if (call === 'mmap') this.#judgeMapping(head);
    else if (HIDDEN_CALLS.includes(call)) this.#seen.hidden.push(head);
    else if (SHOWN_CALLS.includes(call) && path !== undefined) this.#judgeWrite(path, line);
  }

  #judgeWrite(path: string, line: Buffer): void {
    this.#seen.writtenFiles.add(path);
    this.#seen.writtenBytes += Number(/ = (\d+)$/.exec(line.toString('latin1', line.length - 20))?.[1] ?? 0);
    if (line.length > MAX_SHOWN_BYTES) this.#seen.hidden.push(`${path}: ${line.length} octets`);
    if (this.#needles.some((needle) => line.includes(needle))) this.#seen.holding.push(path);
  }

  #judgeMapping(head: string): void {
    const [, path] = /MAP_SHARED\S*, \d+<(\/[^>]*)>/.exec(head) ?? [];
    if (path !== undefined) this.#seen.mapped.push(path);
  }
}

/** Lines may be as long as a call is large; they need not be text. */
function readLines(stream: Readable, onLine: (line: Buffer) => void): void {
  let line: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => {
    let start = 0;
    for (let end = chunk.indexOf(LF); end >= 0; end = chunk.indexOf(LF, start)) {
      onLine(Buffer.concat([...line, chunk.subarray(start, end)]));
      line = [];
      start = end + 1;
    }
    line.push(chunk.subarray(start));
  });
}

/** As strace writes octets: those that do not print in octal, as short as it can be. No digit may follow. */
function asShown(octets: Buffer): Buffer {
  return Buffer.from(Array.from(octets, (octet) => (octet >= 0x20 && octet < 0x7f ? String.fromCharCode(octet) : `\\${octet.toString(8)}`)).join(''));
}

/**
 * Whether it hands writing to the kernel through an io_uring. libuv does so only with a ring that a thread of the kernel polls, and only when told
 * (UV_USE_IO_URING); the rings that each of its loops has are for epoll_ctl alone.
 */
function hasPollingRing(pid: number): boolean {
  return readdirSync(`/proc/${pid}/fd`).some((fd) => /^SqThread:\t\d/m.test(readProc(pid, `fdinfo/${fd}`)));
}

/** Empty for what is gone meanwhile. */
function readProc(pid: number, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'latin1');
  } catch {
    return '';
  }
}
