import { loadDaemonConfig } from '../config/daemon-config.js';
import type { OptionValues } from './command.js';

/** Where the daemon keeps its state: as said, as the daemon's own configuration file has it, or where it is unless told otherwise. */
export function stateDirectoryOf({ state, config }: OptionValues, environment: NodeJS.ProcessEnv): string {
  return state ?? (config === undefined ? environment['PALOMA_STATE'] : undefined) ?? loadDaemonConfig(config ?? null).stateDirectory;
}
