import { expect, test } from '@jest/globals';
import { processorMs } from '@paloma/test-kit';
import type { EmailContent } from '../jmap/types.js';
import { textOf } from './message-text.js';

function html(value: string): string {
  const part = { partId: '1', type: 'text/html' } as EmailContent['htmlBody'][number];
  return textOf({ textBody: [part], htmlBody: [part], bodyValues: { 1: { value } } } as unknown as EmailContent);
}

test('HTML is quoted as its words, without script, style or markup', () => {
  expect(html('<head><title>no</title></head><style>p{}</style><p>One &amp; <b>two</b></p><script>alert(1)</script><!-- <p>hidden --><div>three&#33;<br>four</div>'))
    .toBe('One & two\nthree!\nfour');
});

test.each([['brackets', '<'], ['unclosed styles', '<style>'], ['unclosed comments', '<!--'], ['entities', '&nbsp;'], ['spaces', ' \n']])('very many %s cost no more than reading them', (_name, piece) => {
  const startMs = processorMs();
  html(piece.repeat(200_000));
  expect(processorMs() - startMs).toBeLessThan(1500);
});
