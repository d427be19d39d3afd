import { expect, test } from '@jest/globals';
import { parseMailAddress } from '@paloma/shared-model';
import { createRecoveryCode, formatRecoveryCode, parseRecoveryCode } from '@paloma/crypto/secret';
import { seededRandom } from '@paloma/test-kit';
import { recoveryKit } from './recovery-kit.js';

const code = createRecoveryCode(seededRandom('kit'));
const facts = { code, address: parseMailAddress(`a<script>&b@example.org`.replaceAll(/[<>]/g, "'")), providerUrl: 'https://mail.example.org/"x"', madeAtMs: Date.UTC(2026, 0, 2) };
const kit = recoveryKit(facts);

test('page and text hold the code, which is read back from either as a person would type it', () => {
  const inPage = [...kit.html.matchAll(/<li>([^<]+)<\/li>/g)].map(([, group]) => group).join(' ');
  const inText = kit.text.match(/^ {4}.*$/gm)!.join('\n');
  for (const typed of [kit.code, inPage, inText]) {
    const parsed = parseRecoveryCode(typed);
    expect(parsed.ok && formatRecoveryCode(parsed.code)).toBe(kit.code);
  }
});

test('the page says whose it is, and is self-contained: no script, no address to load from, everything escaped', () => {
  expect(kit.html).toContain('2026-01-02');
  expect(kit.html).toContain('a&#39;script&#39;&#38;b@example.org');
  expect(kit.html).toContain('https://mail.example.org/&#34;x&#34;');
  expect(kit.html).not.toMatch(/<script|<link|<img|src=|href=|url\(|@import|\son\w+=/i);
  expect(kit.html).toContain('@page');
  expect(kit.text).toContain(`Address: ${facts.address}`);
});
