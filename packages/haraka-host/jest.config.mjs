import base from '../../jest.base.mjs';

/** Real sockets and a DNS server on loopback; plugins keep timers of theirs that must not hold the run up. */
export default { ...base, testTimeout: 30_000, forceExit: true };
