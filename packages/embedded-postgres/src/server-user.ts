// PostgreSQL refuses to run as uid 0. Root is therefore mapped to an unprivileged id inside a user namespace: files stay
// root's, no system user is made, and it works below /root. Where namespaces are forbidden (some containers) the server runs
// as nobody, which needs the data directory and node_modules to be reachable for others.

import { chownSync } from 'node:fs';
import { spawnSync, type SpawnOptions } from 'node:child_process';

const NOBODY = 65534;
const UNSHARE = ['unshare', '--user', `--map-user=${NOBODY}`, `--map-group=${NOBODY}`, '--'] as const;

export interface ServerUser {
  /** The command that runs `program` as this user. */
  command(program: string, parameters: readonly string[]): { file: string; parameters: string[]; options: SpawnOptions };
  /** Makes a file or directory just created belong to this user. */
  own(path: string): void;
}

export const CURRENT_USER: ServerUser = {
  command: (program, parameters) => ({ file: program, parameters: [...parameters], options: {} }),
  own: () => undefined,
};

export const ROOT_IN_NAMESPACE: ServerUser = {
  command: (program, parameters) => ({ file: UNSHARE[0], parameters: [...UNSHARE.slice(1), program, ...parameters], options: {} }),
  own: () => undefined,
};

export const NOBODY_USER: ServerUser = {
  command: (program, parameters) => ({ file: program, parameters: [...parameters], options: { uid: NOBODY, gid: NOBODY } }),
  own: (path) => chownSync(path, NOBODY, NOBODY),
};

export function chooseServerUser(): ServerUser {
  if (process.getuid?.() !== 0) return CURRENT_USER;
  const probe = spawnSync(UNSHARE[0], [...UNSHARE.slice(1), 'true']);
  return probe.status === 0 ? ROOT_IN_NAMESPACE : NOBODY_USER;
}
