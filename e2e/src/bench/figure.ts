// One measured number beside what limits it (floor) and what others reach (peer), all measured in the same run.

import { writeFileSync } from 'node:fs';

export interface Figure {
  area: string;
  name: string;
  value: number;
  unit: string;
  /** The same unit: what the machine could do at best, measured with the least work that does the job. */
  floor?: number;
  /** The same unit: what another program does. */
  peer?: number;
  /** value to floor where there is one, else value to peer. */
  ratio?: number;
}

export function figure(area: string, name: string, value: number, unit: string, comparison: { floor?: number; peer?: number } = {}): Figure {
  const against = comparison.floor ?? comparison.peer;
  return { area, name, value: round(value), unit, ...mapRounded(comparison), ...(against !== undefined && { ratio: round(value / against) }) };
}

/** One JSON object a line; absent members are left out. */
export function writeFigures(path: string, figures: readonly Figure[]): void {
  writeFileSync(path, figures.map((each) => `${JSON.stringify(each)}\n`).join(''));
}

export function formatFigures(figures: readonly Figure[]): string {
  const rows = figures.map(({ area, name, value, unit, floor, peer, ratio }) => [`${area}: ${name}`, `${value} ${unit}`, text(floor), text(peer), text(ratio)]);
  const table = [['figure', 'value', 'floor', 'peer', 'ratio'], ...rows];
  const widths = table[0]!.map((_cell, column) => Math.max(...table.map((row) => row[column]!.length)));
  return table.map((row) => row.map((cell, column) => cell.padEnd(widths[column]!)).join('  ').trimEnd()).join('\n');
}

const round = (value: number): number => Number(value.toPrecision(4));
const text = (value: number | undefined): string => (value === undefined ? '' : String(value));

function mapRounded(comparison: { floor?: number; peer?: number }): { floor?: number; peer?: number } {
  return Object.fromEntries(Object.entries(comparison).map(([key, value]) => [key, round(value)]));
}
