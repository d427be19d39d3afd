import { describe, expect, test } from '@jest/globals';
import { appleProfileUrl, mailProgramSetups } from './mail-program-setup.js';

const plain = { imap: { host: '127.0.0.1', port: 1984, isTls: false }, smtp: { host: '127.0.0.1', port: 2013, isTls: false } };
const textFor = (program: string, servers = plain): string => mailProgramSetups('ana+x@example.org', servers).find((setup) => setup.program === program)!.text;

describe('what a mail program is told', () => {
  test.each<[string, string[]]>([
    ['mutt', ['imap://ana%2Bx%40example.org@127.0.0.1:1984/', 'smtp://ana%2Bx%40example.org@127.0.0.1:2013/', 'set ssl_starttls = no']],
    ['mbsync', ['Host 127.0.0.1\nPort 1984\nUser ana+x@example.org\n', 'TLSType None']],
    ['OfflineIMAP', ['remotehost = 127.0.0.1\nremoteport = 1984\nremoteuser = ana+x@example.org\n', 'ssl = no']],
  ])('%s: the user\'s own address and ports', (program, parts) => {
    for (const part of parts) expect(textFor(program)).toContain(part);
  });

  test('with TLS on an address of IPv6', () => {
    const servers = { imap: { host: '2001:db8::7', port: 993, isTls: true }, smtp: { host: '2001:db8::7', port: 465, isTls: true } };
    expect(textFor('mutt', servers)).toContain('imaps://ana%2Bx%40example.org@[2001:db8::7]:993/');
    expect(textFor('mutt', servers)).not.toContain('ssl_starttls');
    expect(textFor('mbsync', servers)).toContain('TLSType IMAPS');
  });

  test('the address is escaped in the profile\'s address', () => expect(appleProfileUrl('ana+x@example.org')).toBe('/autoconfig/paloma.mobileconfig?address=ana%2Bx%40example.org'));
});
