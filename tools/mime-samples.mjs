// `npm run mime-samples -- DIR [--update]`: how every message (*.eml) of a folder is split, joined and read, beside how it was read when that
// was last approved. What differs is shown; `--update` approves it. For one's own collection of odd mail: results lie in DIR/readings and
// hold what the messages hold. It runs what was built last (`npm run build`).
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { program } from './workspace.mjs';

/** Large enough for no body to stay in one run, small enough for all of them to be cut. */
const SPLIT_THRESHOLD_BYTES = 64;
const SHOWN_CHARS = 60;

/** What is compared, each on its own, so that the table says what changed. */
const ASPECTS = ['join', 'header', 'structure', 'text', 'html', 'files', 'notice'];

async function readMessage(octets) {
  const format = await import('@paloma/mail-format');
  const { headers, rootPart } = format.parseMessage(octets);
  const { headerBlock, runs } = format.splitMessage(octets, SPLIT_THRESHOLD_BYTES);
  const { textBody, htmlBody, attachments } = format.selectBodyParts(rootPart);
  const parts = [...format.walkParts(rootPart)];
  const header = (name) => format.decodeHeaderText(format.findField(headers, name)?.text ?? '');
  return {
    join: Buffer.compare(format.joinMessage(headerBlock, runs), octets) === 0 ? 'the same octets' : 'OTHER OCTETS',
    header: ['From', 'To', 'Cc', 'Date', 'Subject', 'Message-ID'].map((name) => `${name}: ${header(name)}`),
    structure: parts.map((part) => `${part.partNumber || '-'} ${part.mediaType}${format.isLeaf(part) ? ` ${part.bodyBytes}` : ''}`),
    text: textBody.flatMap((part) => textOf(format, octets, part).split(/\r?\n/)),
    html: htmlBody.filter(({ mediaType }) => mediaType === 'text/html').flatMap((part) => format.decodePartText(octets, part).split(/\r?\n/)),
    files: attachments.map((part) => `${part.partNumber} ${part.mediaType} ${format.decodePartBody(octets, part).length}`),
    notice: (format.readDeliveryStatusNotification(octets, rootPart)?.recipients ?? []).map(({ action, status, finalRecipient }) => `${action} ${status} ${finalRecipient}`),
  };
}

function textOf(format, octets, part) {
  const text = format.decodePartText(octets, part);
  return part.mediaType === 'text/html' ? format.htmlToText(text) : text;
}

/** Lines of `before` and `after` where they first part, or null. */
function firstDifference(before, after) {
  const [old, now] = [before, after].map((value) => (Array.isArray(value) ? value : [String(value)]));
  const index = Array.from({ length: Math.max(old.length, now.length) }, (_, line) => line).find((line) => old[line] !== now[line]);
  return index === undefined ? null : { line: index + 1, before: old[index], after: now[index] };
}

function compare(before, after) {
  return ASPECTS.flatMap((aspect) => {
    const difference = firstDifference(before[aspect] ?? [], after[aspect]); // an aspect that is newer than the approval counts as empty
    return difference ? [{ aspect, ...difference }] : [];
  });
}

const shown = (text) => (text === undefined ? '(nothing)' : JSON.stringify(text.length > SHOWN_CHARS ? `${text.slice(0, SHOWN_CHARS)}…` : text));

async function runSample(path, readings, isUpdate) {
  const stored = join(readings, `${basename(path)}.json`);
  const now = await readMessage(new Uint8Array(readFileSync(path)));
  const before = existsSync(stored) ? JSON.parse(readFileSync(stored, 'utf8')) : null;
  const differences = before ? compare(before, now) : [];
  const isBroken = now.join !== 'the same octets';
  if (!before || (isUpdate && differences.length > 0)) writeFileSync(stored, `${JSON.stringify(now, null, 1)}\n`, { mode: 0o600 });
  const verdict = isBroken ? 'BROKEN' : !before ? 'new' : differences.length === 0 ? 'same' : isUpdate ? 'updated' : 'DIFFERS';
  return { name: basename(path), verdict, differences, parts: now.structure.length };
}

function table(results) {
  const width = Math.max(...results.map(({ name }) => name.length));
  return results.flatMap(({ name, verdict, differences, parts }) => [
    `${name.padEnd(width)}  ${verdict.padEnd(8)}${`${parts} parts`.padStart(10)}  ${differences.map(({ aspect }) => aspect).join(', ')}`.trimEnd(),
    ...differences.map(({ aspect, line, before, after }) => `  ${aspect}, line ${line}:  ${shown(before)}  →  ${shown(after)}`),
  ]).join('\n');
}

program(async () => {
  const words = process.argv.slice(2);
  const [directory] = words.filter((word) => word !== '--update');
  if (directory === undefined || !existsSync(directory)) throw new Error('Usage: npm run mime-samples -- DIR [--update], where DIR has messages in files *.eml.');
  const readings = join(directory, 'readings');
  mkdirSync(readings, { recursive: true, mode: 0o700 });
  const results = [];
  for (const file of readdirSync(directory).filter((name) => name.endsWith('.eml')).sort()) results.push(await runSample(join(directory, file), readings, words.includes('--update')));
  const wrong = results.filter(({ verdict }) => verdict === 'BROKEN' || verdict === 'DIFFERS').length;
  process.stdout.write(results.length === 0 ? 'There is no *.eml here.\n' : `${table(results)}\n${results.length} messages, ${wrong} to look at.\n`);
  return wrong === 0 ? 0 : 1;
});
