// The mailbox of the IMAP bench, the same for every server: message `index` is always the same octets.

/** Median size of incoming mail in the predecessor's study: 15 kB. */
const LARGE_BYTES = 15_000;
const SMALL_BYTES = 1_200;
/** One in so many is large; they are the newest. */
export const LARGE_ONE_IN = 50;
const THREAD_MESSAGES = 5;
const VOCABULARY_WORDS = 4_000;
const SENDERS = 300;
const START_MS = Date.UTC(2024, 0, 1);
const INTERVAL_MS = 10 * 60_000;

/** In one message of two, and in one of 10,000. */
export const COMMON_WORD = 'weatherglass';
export const RARE_WORD = 'xylographer';

const SYLLABLES = ['ba', 'ce', 'di', 'fo', 'gu', 'ha', 'je', 'ki', 'lo', 'mu', 'na', 'pe', 'ri', 'so', 'tu', 'va'];
const VOCABULARY = Array.from({ length: VOCABULARY_WORDS }, (_, index) => [index & 15, (index >> 4) & 15, (index >> 8) & 15].map((at) => SYLLABLES[at]).join(''));

export const sentAtMs = (index: number): number => START_MS + index * INTERVAL_MS;

export function messageOf(index: number, count: number): Buffer {
  const first = index - (index % THREAD_MESSAGES);
  const references = Array.from({ length: index - first }, (_, place) => `<${first + place}@bench.example>`);
  const body = bodyOf(index, index >= count - Math.ceil(count / LARGE_ONE_IN) ? LARGE_BYTES : SMALL_BYTES);
  return Buffer.from([
    `From: Sender ${index % SENDERS} <s${index % SENDERS}@bench.example>`, 'To: Bench <bench@paloma.test>', `Date: ${new Date(sentAtMs(index)).toUTCString().replace('GMT', '+0000')}`,
    `Subject: ${index === first ? '' : 'Re: '}${wordsOf(first, 4).join(' ')}`, `Message-ID: <${index}@bench.example>`,
    ...(references.length > 0 ? [`In-Reply-To: ${references.at(-1)}`, `References: ${references.join(' ')}`] : []),
    'MIME-Version: 1.0', 'Content-Type: text/plain; charset=us-ascii', '', body,
  ].join('\r\n'));
}

function bodyOf(index: number, sizeBytes: number): string {
  const lines: string[] = [index % 2 === 0 ? COMMON_WORD : 'calm', ...(index % 10_000 === 77 ? [RARE_WORD] : [])];
  for (let line = 0, bytes = 0; bytes < sizeBytes; line += 1) bytes += lines[lines.push(wordsOf(index * 100 + line, 10).join(' ')) - 1]!.length + 2;
  return `${lines.join('\r\n')}\r\n`;
}

/** Common words are far more common than rare ones, as in any language. */
function wordsOf(seed: number, count: number): string[] {
  let state = (seed * 2_654_435_761 + 12_345) >>> 0;
  return Array.from({ length: count }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const share = state / 2 ** 32;
    return VOCABULARY[Math.floor(share ** 3 * VOCABULARY_WORDS)]!;
  });
}
