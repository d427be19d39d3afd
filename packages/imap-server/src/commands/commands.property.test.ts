import { expect } from '@jest/globals';
import { fc, property, processorMs } from '@paloma/test-kit';
import { ImapError } from '../imap-error.js';
import { framesOf } from '../test/reader-of.js';
import { CommandReader } from '../wire/command-reader.js';
import { COMMANDS } from './index.js';

const words = [
  ' ', ' ', ' ', '(', ')', '"', '\\', '*', '%', ':', ',', '.', '<', '>', '[', ']', '{3+}\r\nabc', '{0+}\r\n', '~{2+}\r\n\0\0', '"a b"', '1', '1:*', '4294967296', '$', 'INBOX', 'NIL',
  'FLAGS', '+FLAGS.SILENT', '\\Seen', 'BODY', 'BODY.PEEK', 'HEADER.FIELDS', 'MIME', 'MODSEQ', 'OR', 'NOT', 'SINCE', '1-Feb-2026', 'RETURN', 'SAVE', 'CHANGEDSINCE', 'VANISHED',
  'UNCHANGEDSINCE', 'QRESYNC', 'PARTIAL', '-1:-5', 'UPDATE', 'CATENATE', 'URL', '/INBOX/;UID=1', 'TEXT', 'UTF8', 'BINARY.PEEK', 'REFERENCES', 'SET', 'NONE', 'selected', 'MessageNew', 'USE', 'STATUS', 'MESSAGES', 'SUBSCRIBED', 'RECURSIVEMATCH', '&', '&AAA-', 'ÿ', '\0', 'CHARSET', 'UTF-8', '='.repeat(9),
];
const args = fc.array(fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...words) }, { weight: 1, arbitrary: fc.string({ maxLength: 5 }) }), { maxLength: 25 });
const commandName = fc.constantFrom(...COMMANDS.keys());

property('a command is read or refused as "syntax", whatever its arguments', fc.tuple(commandName, args), ([name, words]) => {
  for (const frame of framesOf([Buffer.from(`${words.join('')}\r\n`, 'latin1')])) {
    if (frame.kind !== 'command') continue;
    try {
      COMMANDS.get(name)!.read(new CommandReader(frame.segments));
    } catch (error) {
      expect(error).toBeInstanceOf(ImapError);
      expect(error).toHaveProperty('code', 'syntax');
    }
  }
}, { numRuns: 1000 });

property('a long line is read in linear time', fc.tuple(commandName, fc.constantFrom(...words)), ([name, word]) => {
  const startMs = processorMs();
  const segments = [{ text: ` ${word.repeat(100_000 / word.length)}`, literal: null, isLiteral8: false }];
  expect(() => COMMANDS.get(name)!.read(new CommandReader(segments))).not.toThrow(RangeError);
  expect(processorMs() - startMs).toBeLessThan(1000);
});
