import type { Command } from '../command.js';

const TEXT = `The daemon is a Node program: what it spends its time and memory on, Node's own tools show.

  Time:    node --cpu-prof --cpu-prof-dir=/tmp/profile --conditions=paloma-device …/client-daemon/dist/main.js --config FILE
           Do what is slow, stop it with Ctrl-C, open the .cpuprofile in a browser's developer tools (Performance).
  Memory:  node --heapsnapshot-signal=SIGUSR2 … and "kill -USR2 $(cat STATE/palomad.pid)"; open the .heapsnapshot (Memory).
           A heap snapshot holds mail and keys in the clear: make it on a disk that is yours, and delete it.
  Live:    node --inspect=127.0.0.1:0 … and chrome://inspect. Whoever can reach the inspector can read everything.

More, with what to look for, is in docs/debugging.md.`;

export const profile: Command = {
  name: 'profile', usage: '', summary: 'Say how the daemon is profiled.',
  run: async () => ({ text: TEXT }),
};
