// The recovery kit: what a person prints and puts away. One self-contained page without scripts, fonts or pictures, and the
// same as plain text. It is made in memory, answered once, and kept nowhere.

import type { MailAddress } from '@paloma/shared-model';
import { formatRecoveryCode, type RecoveryCode } from '@paloma/crypto/secret';

export interface RecoveryKit {
  /** In groups, for the screen. */
  code: string;
  html: string;
  text: string;
}

export interface RecoveryKitFacts {
  code: RecoveryCode;
  address: MailAddress;
  providerUrl: string;
  madeAtMs: number;
}

const HEADING = 'Recovery kit for your mail';
const WORDS = [
  'This code opens your mail when you have forgotten your passphrase and no device of yours is unlocked. Whoever has it can read all your mail and change your passphrase: keep this page where you keep your passport, not on a computer.',
  'To use it, choose "I have forgotten my passphrase" on a new device and type address and code. You then choose a new passphrase. Upper and lower case, spaces and hyphens make no difference; O is read as zero, I and L as one. The last character of each group is there to find mistakes.',
  'If somebody else may have seen this page, make a new code: this one ends with it. Nobody can make another one for you, not even the provider.',
];

const STYLE = `
  @page { size: A4; margin: 25mm; }
  * { box-sizing: border-box; }
  body { margin: 2rem auto; max-width: 40rem; padding: 0 1rem; color: #000; background: #fff; font: 12pt/1.5 Georgia, "Times New Roman", serif; }
  h1 { font-size: 18pt; margin: 0 0 1rem; }
  dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1.5rem; margin: 1rem 0; }
  dt { font-weight: bold; }
  dd { margin: 0; overflow-wrap: anywhere; }
  ol { display: grid; grid-template-columns: repeat(4, max-content); gap: .75rem 2rem; justify-content: center; list-style: none; margin: 1.5rem 0; padding: 1rem; border: 2px solid #000; break-inside: avoid; }
  li { font: bold 20pt/1.2 "DejaVu Sans Mono", Menlo, Consolas, monospace; letter-spacing: .1em; }
  p { break-inside: avoid; orphans: 3; widows: 3; }
  @media print { body { margin: 0; max-width: none; padding: 0; } }
  @media (max-width: 36rem) { ol { grid-template-columns: repeat(2, max-content); } }
`;

export function recoveryKit({ code, address, providerUrl, madeAtMs }: RecoveryKitFacts): RecoveryKit {
  const formatted = formatRecoveryCode(code);
  const facts: [string, string][] = [['Address', address], ['Provider', providerUrl], ['Made on', new Date(madeAtMs).toISOString().slice(0, 10)]];
  return { code: formatted, html: page(formatted.split('-'), facts), text: plain(formatted.split('-'), facts) };
}

function page(groups: readonly string[], facts: readonly [string, string][]): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex">
<title>${HEADING}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${HEADING}</h1>
<dl>${facts.map(([term, value]) => `<dt>${escapeHtml(term)}</dt><dd>${escapeHtml(value)}</dd>`).join('')}</dl>
<ol aria-label="Recovery code">${groups.map((group) => `<li>${group}</li>`).join('')}</ol>
${WORDS.map((paragraph) => `<p>${escapeHtml(paragraph)}</p>`).join('\n')}
</main>
</body>
</html>
`;
}

function plain(groups: readonly string[], facts: readonly [string, string][]): string {
  const half = groups.length / 2;
  const code = [groups.slice(0, half), groups.slice(half)].map((row) => `    ${row.join('  ')}`).join('\n');
  return [HEADING, facts.map(([term, value]) => `${term}: ${value}`).join('\n'), code, ...WORDS].join('\n\n').concat('\n');
}

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
