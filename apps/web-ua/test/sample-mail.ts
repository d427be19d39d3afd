// A mailbox as somebody's might look, for the development server and the browser tests. `ana` is the owner.

import type { ReviewedKey } from '@paloma/mail-store/port';
import { parseFingerprint, type SecurityFacts } from '@paloma/shared-model';
import { deflateSync, crc32 } from 'node:zlib';
import type { MimeMessage } from './mime.ts';

export const OWNER = 'ana@example.org';
const ANA = `Ana Duarte <${OWNER}>`;

export interface SampleMail extends Omit<MimeMessage, 'dateMs' | 'to'> {
  to?: string;
  /** Before now. */
  hoursAgo: number;
  mailbox?: string;
  keywords?: string[];
  security?: Partial<SecurityFacts>;
}

const FINGERPRINT = parseFingerprint('9F3A 6B21 C84D 05E7 A1B2 C3D4 E5F6 0718 293A 4B5C');
const FALCAOS_FINGERPRINT = parseFingerprint('4C07 D1E9 5A38 62FB 90C4 7E1D B3A6 2F58 C9D0 71E4');
export const CARLAS_KNOWN_KEY = parseFingerprint('7A51 0C9E 3D24 F6B8 1E07 59A3 C4D2 86FB 0E13 A97D');
export const CARLAS_NEW_KEY = parseFingerprint('E8B2 46F1 905C 7DA3 2B69 F04E 81C7 D35A 6FE9 420B');
const VERIFIED = { status: 'privateVerified', isEncrypted: true, signature: 'valid', signerFingerprint: FINGERPRINT } as const;
const PRIVATE = { status: 'private', isEncrypted: true, signature: 'valid', signerFingerprint: FALCAOS_FINGERPRINT } as const;
const SIGNED = { status: 'signed', isEncrypted: false, signature: 'valid', signerFingerprint: FINGERPRINT } as const;
const BAD_SIGNATURE = { status: 'problem', problem: 'badSignature', isEncrypted: true, signature: 'invalid', signerFingerprint: null } as const;

function pngChunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}

/** A gradient, so that a shown picture can be told from a missing one. */
export function samplePng(width = 320, height = 96): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2], 8);
  const rows = Array.from({ length: height }, (_row, y) => [0, ...Array.from({ length: width }, (_pixel, x) => [47 + x / 4, 95 + y / 2, 208 - x / 8]).flat()]).flat();
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, pngChunk('IHDR', header), pngChunk('IDAT', deflateSync(Buffer.from(rows))), pngChunk('IEND', Buffer.alloc(0))]);
}

const NEWSLETTER = `<html><head><style>.lead{font-size:17px;line-height:1.55} a.button{background-color:#1d6f5c;color:#fff;padding:10px 18px;border-radius:6px;text-decoration:none;display:inline-block}</style></head>
<body bgcolor="#f4efe6" style="margin:0"><table width="100%" cellpadding="0" cellspacing="0"><tr><td align="center" style="padding:24px 12px">
<table width="520" style="max-width:100%;background-color:#ffffff;border-radius:8px"><tr><td style="padding:28px 32px;font-family:Georgia,serif;color:#2a2a2a">
<p style="letter-spacing:2px;font-size:12px;color:#1d6f5c">THE SLOW GARDEN &middot; NOVEMBER</p><h1 style="font-size:26px;margin:8px 0 12px">What to plant before the first frost</h1>
<img src="cid:header@garden" alt="Rows of winter beans" width="456" style="border-radius:4px">
<p class="lead">Broad beans, garlic and a good layer of leaf mould: three things that repay an afternoon in November.</p>
<p><a class="button" href="https://garden.example/november?utm_source=mail">Read the calendar</a></p>
<p style="font-size:13px;color:#666">You get this because you asked for it. <a href="https://garden.example/leave">Leave the list</a></p>
<img src="https://tracker.example/open.gif?u=ana" width="1" height="1"><img src="https://cdn.example/footer.png"></td></tr></table></td></tr></table></body></html>`;

const DAY_MS = 86_400_000;
const knownKey = (key: Partial<ReviewedKey>): ReviewedKey =>
  ({ fingerprint: FINGERPRINT, state: 'known', level: 'providerTrust', source: 'wkd', firstSeenAtMs: Date.now() - 240 * DAY_MS, ...key });

/** What Ana knows of her correspondents' keys. Carla's has changed. */
export const SAMPLE_KEYS: readonly (readonly [string, readonly ReviewedKey[]])[] = [
  ['ines@example.net', [knownKey({ level: 'fingerprint' })]],
  ['bruno@example.com', [knownKey({ source: 'autocrypt' })]],
  ['falcao@lawyers.example', [knownKey({ fingerprint: FALCAOS_FINGERPRINT })]],
  ['carla@example.com', [knownKey({ fingerprint: CARLAS_KNOWN_KEY }), knownKey({ fingerprint: CARLAS_NEW_KEY, state: 'refused', firstSeenAtMs: Date.now() - 2 * DAY_MS })]],
];

export const SAMPLE_MAIL: readonly SampleMail[] = [
  { messageId: 'trip-1@example.net', from: 'Inês Moreira <ines@example.net>', subject: 'Serra trip in spring', hoursAgo: 51, keywords: ['$seen'], security: VERIFIED,
    text: 'Hi Ana,\n\nshall we do the long way round this time? Two nights at the hut, then down to the river.\n\nI could drive from Coimbra on Friday after work.\n\nInês' },
  { messageId: 'trip-2@example.org', inReplyTo: 'trip-1@example.net', from: ANA, to: 'Inês Moreira <ines@example.net>', subject: 'Re: Serra trip in spring', hoursAgo: 47, mailbox: 'sent', keywords: ['$seen'], security: VERIFIED,
    text: 'Yes! Friday works. I will ask about the hut.\n\nOn Saturday, Inês Moreira wrote:\n> shall we do the long way round this time? Two nights at the hut,\n> then down to the river.\n' },
  { messageId: 'trip-3@example.net', inReplyTo: 'trip-2@example.org', from: 'Inês Moreira <ines@example.net>', cc: 'Bruno Reis <bruno@example.com>', subject: 'Re: Serra trip in spring', hoursAgo: 0.6, security: VERIFIED,
    text: 'Wonderful, then it is settled.\n\nI attached the route; the map people have it too: https://maps.example/serra/long-way\n\nBring the small stove? Mine leaks.\n\nOn Sunday, Ana Duarte wrote:\n> Yes! Friday works. I will ask about the hut.\n>\n> > Two nights at the hut, then down to the river.\n\n-- \nInês Moreira\nines@example.net',
    files: [{ name: 'serra-long-way.gpx', type: 'application/gpx+xml', octets: Buffer.from('<gpx version="1.1"/>'.repeat(900)) }, { name: 'hut-rules.pdf', type: 'application/pdf', octets: Buffer.alloc(184_320, 37) }] },
  { messageId: 'contract@example.com', from: 'Dr. Tomás Falcão <falcao@lawyers.example>', subject: 'Draft of the agreement, second round', hoursAgo: 2.4, security: PRIVATE,
    text: 'Dear Ms Duarte,\n\nplease find the second draft attached. The changes you asked for are in sections 4 and 7.\n\nKind regards\nTomás Falcão', files: [{ name: 'agreement-v2.pdf', type: 'application/pdf', octets: Buffer.alloc(92_000, 40) }] },
  { messageId: 'bank@example.com', from: 'Banco Azul <notice@banco-azul.example>', subject: 'Your statement for October is ready', hoursAgo: 5, security: BAD_SIGNATURE,
    html: '<p>Dear customer,</p><p>your statement is ready. Sign in at <a href="http://banco-azul.example.evil.test/login">https://banco-azul.example</a> to read it.</p>' },
  { messageId: 'garden@example.com', from: 'The Slow Garden <letters@garden.example>', subject: 'What to plant before the first frost', hoursAgo: 7, keywords: ['$flagged', '$seen'],
    html: NEWSLETTER, text: 'What to plant before the first frost', files: [{ name: 'header.png', type: 'image/png', octets: samplePng(456, 140), cid: 'header@garden' }] },
  { messageId: 'review@example.com', from: 'Bruno Reis <bruno@example.com>', subject: 'Notes on chapter three', hoursAgo: 22, keywords: ['$seen', '$answered'], security: SIGNED,
    text: 'Ana,\n\nthe middle part drags a little, but the ending is the best thing you have written. A few small notes are below.\n\n1. Page 4: who is speaking?\n2. Page 9: I would cut the second paragraph.\n3. Page 15: keep. All of it.\n\nBruno' },
  { messageId: 'choir@example.com', from: 'Coro da Sé <secretary@coro.example>', subject: 'Rehearsal moves to Thursday', hoursAgo: 26, text: 'Dear singers,\n\nthe hall is taken on Wednesday, so we meet on Thursday at eight. Please bring the Duruflé.\n\nMarta' },
  { messageId: 'repair@example.com', from: 'Oficina Bicicleta <ola@oficina.example>', subject: 'Your bicycle is ready', hoursAgo: 30, keywords: ['$seen'], text: 'The new chain and brake pads are on. You can pick it up until seven.\n\n48 EUR, card or cash.' },
  { messageId: 'library@example.com', from: 'Biblioteca Municipal <avisos@biblioteca.example>', subject: 'Two books are due on Friday', hoursAgo: 49, keywords: ['$seen'], text: 'The Book of Disquiet\nA History of the Carrier Pigeon\n\nRenew at https://biblioteca.example/renew' },
  { messageId: 'photo@example.com', from: 'Mãe <mae@example.net>', subject: 'As fotografias do domingo', hoursAgo: 54, keywords: ['$seen', '$flagged'], security: VERIFIED, text: 'Filha, aqui estão. O bolo ficou bom!\n\nBeijinhos', files: [{ name: 'domingo.png', type: 'image/png', octets: samplePng(800, 200) }] },
  ...Array.from({ length: 70 }, (_none, place): SampleMail => ({
    messageId: `older-${place}@example.com`,
    from: ['Rita Campos <rita@example.com>', 'Hugo Lima <hugo@example.net>', 'Atelier Norte <ola@atelier.example>', 'Carla Nunes <carla@example.com>'][place % 4] ?? '',
    subject: ['Minutes of the meeting', 'Tickets for the concert', 'Proofs for print', 'Lunch next week?', 'Invoice 2026-'][place % 5] + (place % 5 === 4 ? String(118 - place) : ''),
    hoursAgo: 72 + place * 19, keywords: ['$seen'], text: 'Thank you, that is all I need for now. Let us talk again next week.\n\nBest wishes',
  })),
  { messageId: 'sent-note@example.org', from: ANA, to: 'Bruno Reis <bruno@example.com>', subject: 'Chapter three', hoursAgo: 24, mailbox: 'sent', keywords: ['$seen'], text: 'Here it is. Be honest.\n\nAna' },
  { messageId: 'draft-1@example.org', from: ANA, to: 'Coro da Sé <secretary@coro.example>', subject: 'Re: Rehearsal moves to Thursday', hoursAgo: 20, mailbox: 'drafts', keywords: ['$draft', '$seen'], text: 'Dear Marta,\n\nThursday is fine, but I will be ' },
];
