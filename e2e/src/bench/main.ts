// `npm run bench -- AREA [--json FILE]`. Figures are for reading: nothing here passes or fails.

import { parseArgs } from 'node:util';
import { formatFigures, writeFigures, type Figure } from './figure.js';
import { benchImap } from './imap.bench.js';
import { benchJourney } from './journey.bench.js';
import { benchMx } from './mx.bench.js';
import { benchSync } from './sync.bench.js';

type Bench = (progress: (sentence: string) => void) => Promise<Figure[]>;

const AREAS: Readonly<Record<string, Bench>> = { imap: benchImap, journey: benchJourney, mx: benchMx, sync: benchSync };

const { positionals, values } = parseArgs({ allowPositionals: true, options: { json: { type: 'string' } } });
const [area = ''] = positionals;
const bench = AREAS[area];
if (bench) {
  const figures = await bench((sentence) => process.stderr.write(`${sentence} …\n`));
  process.stdout.write(`${formatFigures(figures)}\n`);
  if (values.json !== undefined) writeFigures(values.json, figures);
} else {
  process.stderr.write(`Name an area: npm run bench -- ${Object.keys(AREAS).join(' | ')} [--json FILE]\n`);
  process.exitCode = 1;
}
