import { parseArgs } from 'node:util';
import { StartError } from '@paloma/provider-runtime';

const USAGE = 'usage: paloma-provider-mx --config FILE';

/** @throws {StartError} "badConfiguration" */
export function parseCommandLine(argv: readonly string[]): { configFile: string } {
  const { config } = parseArguments(argv);
  if (config === undefined) throw new StartError('badConfiguration', USAGE);
  return { configFile: config };
}

function parseArguments(argv: readonly string[]): { config?: string | undefined } {
  try {
    return parseArgs({ args: [...argv], options: { config: { type: 'string' } } }).values;
  } catch (cause) {
    throw new StartError('badConfiguration', USAGE, { cause });
  }
}
